package dev.runnel.config;

import dev.runnel.config.Option.Unit;

/**
 * One option as the documentation shows it.
 *
 * @param key its path in {@code conf/runnel.yaml} and in {@code --set}: {@code http.port}
 * @param variable its environment variable
 * @param initial its default as it would be written; empty: unset
 * @param allowed the allowed values in words; empty: any text
 * @param unit how its text is read
 * @param meaning what it does, in Markdown
 * @param secret whether its value is never shown
 */
public record OptionRow(
    String key,
    String variable,
    String initial,
    String allowed,
    Unit unit,
    String meaning,
    boolean secret) {}

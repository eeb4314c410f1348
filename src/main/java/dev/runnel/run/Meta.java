package dev.runnel.run;

import org.jspecify.annotations.Nullable;

/**
 * Who started a run and how, as its record shows it.
 *
 * @param actorType {@code basicAuth}, {@code session}, {@code apiToken}, {@code schedule}, {@code
 *     token}, {@code guest}, {@code commandLine}
 * @param actorId account id or Basic user name; null for guests
 */
public record Meta(
    String actorType,
    @Nullable String actorId,
    String door,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId) {}

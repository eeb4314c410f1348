package dev.runnel.script;

import java.time.Instant;

/**
 * One content that a script has or had.
 *
 * @param version from 1, in the order in which they came
 * @param sha256 of the text as UTF-8, in small hexadecimal digits
 */
public record ScriptVersion(
    long version, Language language, Runner runner, String text, String sha256, Instant created) {}

package dev.runnel.run;

import dev.runnel.script.Language;
import dev.runnel.script.Runner;

/**
 * What a run ran, kept in its record so that history survives edits and deletion.
 *
 * @param version content version; 0 for what is not stored
 * @param sha256 lower-case hex of the text's UTF-8
 */
public record ScriptStamp(
    String name,
    String codeIdentifier,
    Language language,
    Runner runner,
    long version,
    String sha256) {}

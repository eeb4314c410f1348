package dev.runnel.script;

import java.time.Instant;
import java.util.List;

/**
 * A script with its past, as another database had it.
 *
 * @param newest what it is now, its code identifier given
 * @param versions oldest first, at least one; the last is the content of {@code newest}
 */
public record ScriptHistory(
    ScriptDraft newest,
    long revision,
    Instant created,
    Instant updated,
    List<ScriptVersion> versions) {}

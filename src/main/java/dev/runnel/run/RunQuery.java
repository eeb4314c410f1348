package dev.runnel.run;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a list asks for, newest first; null filters nothing.
 *
 * @param before only runs created before this instant
 * @param after only runs older than this one: where the page before ended
 * @param limit from 1
 */
public record RunQuery(
    @Nullable UUID scriptId,
    @Nullable RunStatus status,
    @Nullable Trigger trigger,
    @Nullable Instant before,
    @Nullable UUID after,
    int limit) {}

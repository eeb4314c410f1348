package dev.runnel.run;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a list asks for, newest first; null filters nothing.
 *
 * @param before only runs created before this instant
 * @param limit 1..200
 */
public record RunQuery(
    @Nullable UUID scriptId,
    @Nullable RunStatus status,
    @Nullable Trigger trigger,
    @Nullable Instant before,
    int limit) {}

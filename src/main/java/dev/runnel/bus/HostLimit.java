package dev.runnel.bus;

import org.jspecify.annotations.Nullable;

/**
 * A limit of runs as this host holds it.
 *
 * @param name as in a definition: {@code memoryBytes}
 * @param enforced whether a script that went over it was stopped here, and could not have raised it
 * @param how what enforces it, or why nothing does
 * @param initial what holds where a definition says nothing; null: no limit
 * @param max the most a definition may ask for; null: any
 * @param unit what the numbers count: {@code bytes}
 */
public record HostLimit(
    String name,
    boolean enforced,
    String how,
    @Nullable Long initial,
    @Nullable Long max,
    String unit) {}

package dev.runnel.execution;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended and what it used.
 *
 * @param code the exit code, 128 + n after signal n
 * @param signal the signal that ended it; null after an ordinary exit, and where the launcher
 *     cannot tell the two apart
 * @param cpu processor time of the process and of the descendants it waited for; null if unknown
 * @param peakMemoryBytes the largest resident size of any one of them; null if unknown, as it is
 *     for all that stay smaller than the service itself
 */
record ExitStatus(
    int code, @Nullable Integer signal, @Nullable Duration cpu, @Nullable Long peakMemoryBytes) {}

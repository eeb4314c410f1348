package dev.runnel.execution;

/**
 * A process beyond doubt: pids come round again, a pid with its start time does not.
 *
 * @param pid the process number
 * @param startTime clock ticks after boot, field 22 of {@code /proc/PID/stat}
 */
record ProcessId(long pid, long startTime) {}

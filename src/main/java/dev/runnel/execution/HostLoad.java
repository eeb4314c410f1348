package dev.runnel.execution;

import java.util.regex.Pattern;

/**
 * How full the host is. Two small files say so, whatever the number of runs: as long as the host
 * has not changed by what a run has left, that run cannot be over its limit.
 *
 * @param tasks processes and threads there are
 * @param availableBytes memory that could still be given out
 */
record HostLoad(long tasks, long availableBytes) {
  private static final Pattern LOAD = Pattern.compile("\\S+ \\S+ \\S+ \\d+/(\\d+) ");
  private static final Pattern AVAILABLE =
      Pattern.compile("^MemAvailable:\\s+(\\d+) kB$", Pattern.MULTILINE);

  /** How long one reading of the number of tasks serves the starts of runs. */
  private static final long FRESH_NANOS = 100_000_000;

  private static volatile Reading last = new Reading(new HostLoad(0, 0), Long.MIN_VALUE / 2);

  private record Reading(HostLoad load, long at) {}

  /** As it is; at most a tenth of a second old. */
  static HostLoad now() {
    var present = last;
    long now = System.nanoTime();
    return now - present.at < FRESH_NANOS ? present.load : read();
  }

  /** Reads both files. */
  static HostLoad read() {
    var load =
        new HostLoad(number(LOAD, "/proc/loadavg"), number(AVAILABLE, "/proc/meminfo") * 1024);
    last = new Reading(load, System.nanoTime());
    return load;
  }

  private static long number(Pattern pattern, String file) {
    var text = Proc.text(file);
    if (text == null) {
      return 0;
    }
    var found = pattern.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}

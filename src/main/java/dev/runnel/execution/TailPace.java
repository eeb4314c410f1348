package dev.runnel.execution;

/**
 * How often the stored tail of a run over the log limit is moved on. What is moved is written anew,
 * so a run that floods for hours must not do it every second: the pause doubles with each log cap
 * that was written this way. A run writes two caps of log then (first half, tail, and the second
 * half that the tail replaced) and one more for each doubling: 1, 2, 4, 8 minutes of flood and so
 * on.
 */
final class TailPace {
  /** The most that a move writes, in bytes: what a record shows of the newest output. */
  static final long WINDOW = 64 * 1024;

  private static final int MOST_DOUBLINGS = 20;

  private final long cap;
  private final long shortest;
  private long written;
  private long next = Long.MIN_VALUE;

  /**
   * @param cap of the log, in bytes
   * @param shortest pause, in milliseconds
   */
  TailPace(long cap, long shortest) {
    this.cap = cap;
    this.shortest = shortest;
  }

  boolean isDue(long nowMillis) {
    return nowMillis >= next;
  }

  /** A move of so many bytes was stored. */
  void moved(long nowMillis, long bytes) {
    written += bytes;
    // A little less than the pause: the clock that asks ticks in whole ones.
    next = nowMillis + (shortest << Math.min(MOST_DOUBLINGS, written / cap)) - shortest / 2;
  }
}

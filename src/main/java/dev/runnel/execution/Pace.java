package dev.runnel.execution;

import java.time.Duration;

/** How fast the runs of this node end: what a start that is refused can be told. */
final class Pace {
  /** Of the newest second; what was long ago fades. */
  private static final double WEIGHT = 0.2;

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private double perSecond;
  private int endedNow;

  void ended() {
    endedNow++;
  }

  /** To be called once a second. */
  void second() {
    perSecond += WEIGHT * (endedNow - perSecond);
    endedNow = 0;
  }

  /** Until so many runs have had their turn, at this pace; 1 to 60 s. */
  Duration until(int runs) {
    var millis = 1_000 * runs / Math.max(perSecond, 0.001);
    var wait = Duration.ofMillis((long) millis);
    return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}

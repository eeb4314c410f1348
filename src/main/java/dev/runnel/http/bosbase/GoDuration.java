package dev.runnel.http.bosbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Durations as Go writes them: {@code 850µs}, {@code 12.3ms}, {@code 1.5s}, {@code 1m3.2s}. */
final class GoDuration {
  private GoDuration() {}

  /** Negative durations count as zero. */
  static String of(Duration duration) {
    var nanos = Math.max(0, duration.toNanos());
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return decimal(nanos, 3) + "µs";
    }
    if (nanos < 1_000_000_000) {
      return decimal(nanos, 6) + "ms";
    }
    var seconds = decimal(nanos % 60_000_000_000L, 9) + "s";
    var minutes = nanos / 60_000_000_000L;
    if (minutes == 0) {
      return seconds;
    }
    return minutes < 60
        ? minutes + "m" + seconds
        : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
  }

  private static String decimal(long nanos, int places) {
    return BigDecimal.valueOf(nanos, places)
        .setScale(places, RoundingMode.UNNECESSARY)
        .stripTrailingZeros()
        .toPlainString();
  }
}

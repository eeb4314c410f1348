package dev.runnel.system;

import java.util.Arrays;
import java.util.List;

/** Measured times in milliseconds, in order of size. */
record Samples(double[] sorted) {

  static Samples ofNanos(long[] nanos) {
    return of(Arrays.stream(nanos).mapToDouble(n -> n / 1e6).toArray());
  }

  static Samples of(double[] millis) {
    var sorted = millis.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  static Samples all(List<Samples> parts) {
    return of(parts.stream().flatMapToDouble(part -> Arrays.stream(part.sorted)).toArray());
  }

  /** The value that {@code percent} of all are not above. */
  double p(int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  double p50() {
    return p(50);
  }

  /** The value in the middle. */
  static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  static double least(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }
}

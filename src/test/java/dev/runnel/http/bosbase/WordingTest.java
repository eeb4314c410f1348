package dev.runnel.http.bosbase;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How this dialect writes durations, times and messages. */
class WordingTest {
  private static void duration(long nanos, String text) {
    assertThat(GoDuration.of(Duration.ofNanos(nanos))).isEqualTo(text);
  }

  @Test
  void durationsAreWrittenAsGoDoes() {
    duration(0, "0s");
    duration(-5, "0s");
    duration(999, "999ns");
    duration(1_000, "1µs");
    duration(850_000, "850µs");
    duration(1_500, "1.5µs");
    duration(12_300_000, "12.3ms");
    duration(999_999_999, "999.999999ms");
    duration(1_500_000_000, "1.5s");
    duration(10_000_000_000L, "10s");
    duration(60_000_000_000L, "1m0s");
    duration(63_200_000_000L, "1m3.2s");
    duration(3_600_000_000_000L, "1h0m0s");
    duration(90_061_000_000_001L, "25h1m1.000000001s");
  }

  @Test
  void messagesBeginWithACapitalAndEndWithAStop() {
    assertThat(Errors.normalised("script_name is required.")).isEqualTo("Script_name is required.");
    assertThat(Errors.normalised(" invalid content value ")).isEqualTo("Invalid content value.");
    assertThat(Errors.normalised("really?")).isEqualTo("Really?");
    assertThat(Errors.normalised("élan!")).isEqualTo("Élan!");
    assertThat(Errors.normalised(" ")).startsWith("Something went wrong");
  }

  @Test
  void timesAreInUtc() {
    var time = Instant.parse("2026-01-02T03:04:05.678901Z");
    assertThat(Timestamps.record(time)).isEqualTo("2026-01-02 03:04:05.678Z");
    assertThat(Timestamps.job(time)).isEqualTo("2026-01-02T03:04:05.678Z");
  }
}

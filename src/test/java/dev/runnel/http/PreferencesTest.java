package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code Prefer} headers mean. */
class PreferencesTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static Preferences of(String... headers) {
    return Preferences.of(List.of(headers), LONGEST);
  }

  private static void waits(@Nullable Integer seconds, String... headers) {
    assertThat(of(headers).patience())
        .as(String.join(" | ", headers))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  private static void cancels(boolean cancels, String... headers) {
    assertThat(of(headers).cancelsWhenGone()).as(String.join(" | ", headers)).isEqualTo(cancels);
  }

  @Test
  void aWaitIsAWholeNumberOfSecondsAndIsCutToTheLongest() {
    waits(5, "wait=5");
    waits(0, "wait=0");
    waits(7, "wait=007");
    waits(5, "Wait = 5");
    waits(5, "\t wait=\"5\" ");
    waits(5, "wait=5; foo=bar");
    waits(30, "wait=31");
    waits(30, "wait=" + "9".repeat(400));
  }

  @Test
  void whatIsNoWaitIsIgnored() {
    for (var text : List.of("", ",", "wait", "wait=", "wait=-1", "wait=1.5", "wait=5s", "wait:5")) {
      waits(null, text);
    }
    for (var text : List.of("wait 5", "wait=5=5", "wait=\"5", "await=5", "foo=\"wait=5\"", "é=1")) {
      waits(null, text);
    }
    waits(null);
  }

  @Test
  void theFirstOfANameCountsInWhicheverHeaderItIs() {
    waits(1, "wait=1, wait=2");
    waits(1, "wait=1", "wait=2");
    waits(null, "wait=x, wait=2");
    cancels(false, "handling=lenient", "handling=cancel");
  }

  @Test
  void severalPreferencesGoTogether() {
    for (var headers :
        new String[][] {
          {"respond-async, wait=3, handling=cancel"},
          {"respond-async,wait=3", "handling=cancel"},
          {"handling=\"cancel\";x=\"a,b;\\\",wait=9\" , wait=3;;"},
          {"a=\"b,c\", wait=3", "d,,handling=cancel,"}
        }) {
      waits(3, headers);
      cancels(true, headers);
      assertThat(of(headers).applied()).isEqualTo("wait=3, handling=cancel");
    }
  }

  @Test
  void whatWasNotAskedForIsNotApplied() {
    assertThat(of("respond-async, handling=strict").applied()).isNull();
    assertThat(of("wait=60").applied()).isEqualTo("wait=30");
    cancels(false, "nothandling=cancel", "handling=canceled");
  }

  @Test
  void aHeaderMadeToBeSlowIsNot() {
    waits(null, "\"\\".repeat(10_000), "a=".repeat(10_000), ";".repeat(20_000));
    waits(2, String.join(",", Collections.nCopies(5_000, "x=\"y\"")) + ",wait=2");
  }
}

package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Ten failures a minute for an address and identity, a hundred for an address. */
class ThrottleTest {
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final Throttle throttle = new Throttle(() -> now);

  private void fail(int times, String address, String identity) {
    for (int i = 0; i < times; i++) {
      throttle.failed(address, identity);
    }
  }

  private void isOpen(String address, String identity) {
    assertThatCode(() -> throttle.check(address, identity)).doesNotThrowAnyException();
  }

  private Duration isClosed(String address, String identity) {
    var closed =
        catchThrowableOfType(Problem.Throttled.class, () -> throttle.check(address, identity));
    assertThat(closed).isNotNull();
    return closed.retryAfter();
  }

  @Test
  void theEleventhTryIsRefusedForTheRestOfTheMinute() {
    fail(9, "a", "x");
    isOpen("a", "x");
    now = now.plusSeconds(20);
    fail(1, "a", "X");
    assertThat(isClosed("a", "x")).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(41));
    isOpen("a", "y");
    isOpen("b", "x");
    now = now.plusSeconds(40);
    isOpen("a", "x");
  }

  @Test
  void aHundredNamesFromOneAddressAreRefused() {
    for (int i = 0; i < 100; i++) {
      isOpen("a", "new");
      fail(1, "a", "n" + i);
    }
    isClosed("a", "new");
    isOpen("b", "new");
  }

  @Test
  void aSuccessClearsTheIdentityAndNotTheAddress() {
    fail(9, "a", "x");
    throttle.succeeded("a", "x");
    fail(9, "a", "x");
    isOpen("a", "x");
    for (int i = 0; i < 82; i++) {
      fail(1, "a", "n" + i);
      throttle.succeeded("a", "own");
    }
    isClosed("a", "own");
  }

  @Test
  void itForgetsWhenThereAreTooMany() {
    for (int i = 0; i < 50_000; i++) {
      fail(1, "address " + i, "x");
    }
    fail(10, "last", "x");
    isClosed("last", "x");
  }
}

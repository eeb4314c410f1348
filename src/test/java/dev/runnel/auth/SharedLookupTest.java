package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many who ask for the same at the same time. */
class SharedLookupTest {
  private final Deque<Promise<String>> underWay = new ArrayDeque<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private final SharedLookup<String, String> shared =
      new SharedLookup<>(_ -> {
        lookups.incrementAndGet();
        var promise = Promise.<String>promise();
        underWay.add(promise);
        return promise.future();
      });

  @Test
  void whoComesWhileOneIsUnderWayIsAnsweredByTheNextAndNeverByAnOlderOne() {
    var first = shared.find("a");
    var later = IntStream.range(0, 1_000).mapToObj(_ -> shared.find("a")).toList();
    assertThat(lookups).hasValue(1);
    underWay.remove().complete("old");
    assertThat(first.result()).isEqualTo("old");
    assertThat(later).noneMatch(Future::isComplete);
    var last = shared.find("a");
    underWay.remove().complete("new");
    assertThat(later).allSatisfy(answer -> assertThat(answer.result()).isEqualTo("new"));
    assertThat(last.isComplete()).isFalse();
    underWay.remove().complete("newest");
    assertThat(last.result()).isEqualTo("newest");
    assertThat(lookups).hasValue(3);
    var alone = shared.find("a");
    underWay.remove().complete("alone");
    assertThat(alone.result()).isEqualTo("alone");
  }

  @Test
  void aFailureReachesThoseWhoWaitedForItAndNobodyElse() {
    var first = shared.find("a");
    var second = shared.find("a");
    underWay.remove().fail("away");
    assertThat(first.failed()).isTrue();
    assertThat(second.isComplete()).isFalse();
    underWay.remove().complete("back");
    assertThat(second.result()).isEqualTo("back");
  }

  @Test
  void otherKeysDoNotWait() {
    shared.find("a");
    var other = shared.find("b");
    underWay.removeLast().complete("b");
    assertThat(other.result()).isEqualTo("b");
  }
}

package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SharedQuestionTest {
  private final Queue<Promise<String>> asked = new ArrayDeque<>();
  private final SharedQuestion<String, String> question =
      new SharedQuestion<>(_ -> {
        var answer = Promise.<String>promise();
        asked.add(answer);
        return answer.future();
      });

  @Test
  void whoever_asks_while_one_is_under_way_shares_the_next() {
    var first = question.ask("a");
    var second = question.ask("a");
    var third = question.ask("a");
    assertThat(asked).hasSize(1);
    asked.remove().complete("old");
    assertThat(asked).hasSize(1);
    assertThat(first.result()).isEqualTo("old");
    assertThat(second.isComplete()).isFalse();
    asked.remove().complete("new");
    assertThat(asked).isEmpty();
    assertThat(second.result()).isEqualTo("new");
    assertThat(third.result()).isEqualTo("new");
  }

  @Test
  void different_keys_do_not_wait_for_each_other() {
    question.ask("a");
    question.ask("b");
    assertThat(asked).hasSize(2);
  }

  @Test
  void a_failure_is_for_those_who_asked_and_the_next_is_asked_anew() {
    var first = question.ask("a");
    var second = question.ask("a");
    asked.remove().fail("away");
    assertThat(first.failed()).isTrue();
    assertThat(second.isComplete()).isFalse();
    asked.remove().complete("back");
    assertThat(second.result()).isEqualTo("back");
    var third = question.ask("a");
    asked.remove().complete("later");
    assertThat(third.result()).isEqualTo("later");
    assertThat(asked).isEmpty();
  }

  @Test
  void nobody_waits_twice_for_a_database_that_does_not_answer() {
    question.ask("a");
    var second = question.ask("a");
    asked.remove().fail(Failures.away());
    assertThat(second.failed()).isTrue();
    assertThat(asked).isEmpty();
    question.ask("a");
    assertThat(asked).hasSize(1);
  }

  @Test
  void an_answer_that_is_there_at_once_leaves_nothing_behind() {
    var quick = new SharedQuestion<String, String>(key -> Future.succeededFuture(key + "!"));
    assertThat(quick.ask("a").result()).isEqualTo("a!");
    assertThat(quick.ask("a").result()).isEqualTo("a!");
  }
}

package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Batch.Bounds TWO_OF_FOUR = new Batch.Bounds(2, 4, 100);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<List<Integer>> written = new ArrayList<>();

  @AfterEach
  void close() {
    Store.await(vertx.close());
  }

  @Test
  void rowsOfOneTickGoTogetherInTheirLockOrder() {
    var batch = batch(TWO_OF_FOUR, rows -> Future.succeededFuture(rows));

    var answers = addAll(batch, 3, 1, 2);

    assertThat(answers.stream().map(Store::await).toList()).containsExactly(3, 1, 2);
    assertThat(written).containsExactly(List.of(1, 2, 3));
  }

  @Test
  void theNextBatchGathersWhileTheBoundIsReached() {
    var commits = new ArrayList<Promise<List<Integer>>>();
    var batch =
        batch(
            TWO_OF_FOUR,
            _ -> {
              var commit = Promise.<List<Integer>>promise();
              commits.add(commit);
              return commit.future();
            });

    var answers = addAll(batch, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    onContext(() -> null);

    assertThat(written).containsExactly(List.of(1, 2, 3, 4), List.of(5, 6, 7, 8));
    assertThat(answers).noneMatch(Future::isComplete);

    onContext(() -> {
      commits.get(1).complete(written.get(1));
      return null;
    });

    assertThat(written.getLast()).containsExactly(9, 10);
    assertThat(answers.subList(4, 8)).allMatch(Future::succeeded);
    assertThat(answers.subList(0, 4)).noneMatch(Future::isComplete);
  }

  @Test
  void heavyRowsGoInBatchesOfTheirOwn() {
    var batch = batch(TWO_OF_FOUR, rows -> Future.succeededFuture(rows));

    addAll(batch, 60, 61, 5, 500, 2).forEach(Store::await);

    assertThat(written).containsExactly(List.of(60), List.of(5, 61), List.of(500), List.of(2));
  }

  @Test
  void onlyTheCallerOfABadRowFails() {
    var batch =
        batch(
            new Batch.Bounds(1, 100, 1_000),
            rows ->
                rows.contains(7)
                    ? Future.failedFuture(new IllegalArgumentException("seven"))
                    : Future.succeededFuture(rows));

    var answers = addAll(batch, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    for (var i = 0; i < answers.size(); i++) {
      var answer = answers.get(i);
      if (i == 6) {
        assertThatThrownBy(() -> Store.await(answer)).hasMessage("seven");
      } else {
        assertThat(Store.await(answer)).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void aRowThatCannotEvenBeWrittenFailsItsCaller() {
    var batch =
        batch(
            TWO_OF_FOUR,
            rows -> {
              if (rows.contains(2)) {
                throw new IllegalArgumentException("two");
              }
              return Future.succeededFuture(rows);
            });

    var answers = addAll(batch, 1, 2);

    assertThat(Store.await(answers.getFirst())).isEqualTo(1);
    assertThatThrownBy(() -> Store.await(answers.getLast())).hasMessage("two");
  }

  @Test
  void whenTheDatabaseIsAwayEverybodyKnowsAtOnce() {
    var batch = batch(TWO_OF_FOUR, _ -> Future.failedFuture(Failures.away()));

    var answers = addAll(batch, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    assertThat(answers)
        .allSatisfy(answer ->
            assertThatThrownBy(() -> Store.await(answer)).isInstanceOf(Problem.Unavailable.class));
  }

  private Batch<Integer, Integer> batch(
      Batch.Bounds bounds, Batch.Writer<Integer, Integer> writer) {
    return new Batch<>(
        context,
        bounds,
        row -> row,
        Comparator.naturalOrder(),
        rows -> {
          written.add(rows);
          return writer.write(rows);
        });
  }

  private List<Future<Integer>> addAll(Batch<Integer, Integer> batch, Integer... rows) {
    return onContext(() -> List.of(rows).stream().map(batch::add).toList());
  }

  private <T> T onContext(java.util.function.Supplier<T> action) {
    var done = Promise.<T>promise();
    context.runOnContext(_ -> done.complete(action.get()));
    return Store.await(done.future());
  }
}

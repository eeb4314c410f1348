package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.bash.Bash;
import dev.runnel.problem.Problem;
import dev.runnel.run.Invocation;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Turns;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait: how long, how many, and for whom. */
class TurnTest {
  @TempDir Path home;

  @Test
  void runsOfALimitedScriptKeepToTheLimitAndFollowEachOther() throws IOException {
    try (var engine = new TestEngine(home, Map.of("execution.slots", "8"))) {
      var script =
          engine.script(
              Concurrency.PARALLEL,
              new Turns(3, null, 0),
              "echo + >> log; sleep 0.3; echo - >> log");
      var runs = new ArrayList<Run>();
      for (var i = 0; i < 12; i++) {
        runs.add(engine.start(TestEngine.request(script)));
      }

      assertThat(runs).allMatch(run -> engine.ended(run).status() == RunStatus.SUCCEEDED);
      var now = 0;
      var most = 0;
      for (var line : Files.readAllLines(home.resolve("log"))) {
        now += line.equals("+") ? 1 : -1;
        most = Math.max(most, now);
      }
      assertThat(most).isEqualTo(3);
    }
  }

  @Test
  void theNextRunOfAQueueNeedsNoPollToStart() {
    try (var engine = new TestEngine(home, Map.of("execution.slots", "4"))) {
      var script = engine.script(Concurrency.QUEUE, Turns.DEFAULT, "true");
      var runs = new ArrayList<Run>();
      for (var i = 0; i < 20; i++) {
        runs.add(engine.start(TestEngine.request(script)));
      }

      var last = engine.ended(runs.getLast());

      // One a second is what looking at the queue now and then would give.
      assertThat(Duration.between(runs.getFirst().createdAt(), last.finishedAt()))
          .isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void whoseTurnDoesNotComeInTimeEndsWithQueueTimeoutAndNeverRuns() {
    try (var engine = new TestEngine(home, Map.of("execution.slots", "1"))) {
      var busy = engine.start(TestEngine.request(engine.script("exec sleep 60")));
      var script = engine.script("touch ran");

      var hasty = engine.start(TestEngine.request(script).waitingAtMost(Duration.ofMillis(100)));

      var ended = engine.ended(hasty);
      assertThat(ended.status()).isEqualTo(RunStatus.TIMED_OUT);
      assertThat(ended.outcome().reason()).isEqualTo(Reason.QUEUE_TIMEOUT);
      assertThat(ended.outcome().errorMessage()).startsWith("Queue time-out");
      TestEngine.await(engine.runs.cancel(busy.id()));
      assertThat(engine.ended(engine.start(TestEngine.request(engine.script("true")))).status())
          .isEqualTo(RunStatus.SUCCEEDED);
      assertThat(home.resolve("ran")).doesNotExist();
    }
  }

  @Test
  void moreStartsAtOnceThanTheQueueHoldsAreRefused() {
    var settings = Map.of("execution.slots", "1", "execution.queueLength", "2");
    try (var engine = new TestEngine(home, settings)) {
      var script = engine.script("exec sleep 60");
      var starts = new ArrayList<Future<Run>>();
      for (var i = 0; i < 20; i++) {
        starts.add(engine.runs.submit(TestEngine.request(script)));
      }

      var accepted = new ArrayList<Run>();
      for (var start : starts) {
        try {
          accepted.add(TestEngine.await(start));
        } catch (Problem.QueueFull full) {
          assertThat(full.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
        }
      }

      assertThat(accepted).hasSize(3);
      accepted.reversed().forEach(run -> TestEngine.await(engine.runs.cancel(run.id())));
      assertThat(accepted).allMatch(run -> engine.ended(run).status() == RunStatus.CANCELED);
    }
  }

  /** A slot is free for a moment between two runs: whoever comes then must not jump the queue. */
  @Test
  void moreStartsThanCanRunNeverMakeTheQueueLongerThanItMayBe() {
    var settings = Map.of("execution.slots", "8", "execution.queueLength", "5");
    try (var engine = new TestEngine(home, settings)) {
      var request = TestEngine.request(engine.script(":"));
      var longest = new AtomicInteger();
      var clients = new ArrayList<Future<Void>>();
      for (var i = 0; i < 30; i++) {
        clients.add(startAgainAndAgain(60, engine, request, longest));
      }
      TestEngine.await(Future.all(clients));

      // Whoever finds an empty queue needs no place in it, and may be overtaken: one for each slot.
      assertThat(longest).hasValueBetween(1, 5 + 8);
    }
  }

  private static Future<Void> startAgainAndAgain(
      int times, TestEngine engine, RunRequest request, AtomicInteger longest) {
    return times == 0
        ? Future.succeededFuture()
        : engine
            .runs
            .submit(request)
            .otherwiseEmpty()
            .compose(_ -> engine.runs.load())
            .compose(load -> {
              longest.accumulateAndGet(load.queued(), Math::max);
              return startAgainAndAgain(times - 1, engine, request, longest);
            });
  }

  @Test
  void aProcessThatIsNotStartedInTimeIsNeverStarted() throws Exception {
    var stuck = new CountDownLatch(1);
    var bash = new Bash(BashLogin.OFF);
    Interpreter slow =
        new Interpreter() {
          @Override
          public Command command(Invocation invocation, Workplace workplace) throws IOException {
            if (invocation.text().contains("ran")) {
              awaitUninterrupted(stuck);
            }
            return bash.command(invocation, workplace);
          }
        };
    var settings = Map.of("execution.slots", "1", "execution.startTimeout", "100 ms");
    try (var engine = new TestEngine(home, settings, slow)) {
      var late = engine.ended(engine.start(TestEngine.request(engine.script("touch ran"))));

      assertThat(late.status()).isEqualTo(RunStatus.FAILED);
      assertThat(late.outcome().reason()).isEqualTo(Reason.COULD_NOT_START);
      assertThat(late.outcome().errorMessage())
          .isEqualTo("Start time-out: the process could not be started within 100 ms");

      stuck.countDown();
      // Its slot is free again, and its directory goes when its worker has given up.
      Awaitility.await().until(() -> children(home.resolve("data/runs")).isEmpty());
      assertThat(home.resolve("ran")).doesNotExist();
      var next = engine.start(TestEngine.request(engine.script("true")));
      assertThat(next.status()).isEqualTo(RunStatus.RUNNING);
      engine.ended(next);
    }
  }

  @Test
  void aDeletedScriptTakesItsActiveRunsAlong() {
    try (var engine = new TestEngine(home, Map.of("execution.slots", "1"))) {
      var script = engine.script("exec sleep 60");
      var runs =
          List.of(
              engine.start(TestEngine.request(script)), engine.start(TestEngine.request(script)));

      assertThat(TestEngine.await(engine.scripts.delete(script.id()))).isTrue();

      assertThat(runs).allMatch(run -> engine.ended(run).status() == RunStatus.CANCELED);
      assertThatThrownBy(() -> TestEngine.await(engine.scripts.get(script.name())))
          .isInstanceOf(Problem.NotFound.class);
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      return all.toList();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

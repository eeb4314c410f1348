package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.Runs;
import dev.runnel.bus.StoreAsk;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.config.Options;
import dev.runnel.execution.bash.Bash;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.SubmitKey;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start with a key whose commit the database did not confirm: it is taken back before its key may
 * stand for anything.
 */
class UnconfirmedStartTest {
  private static final SubmitKey KEY = new SubmitKey("me", "POST /x", "k", "");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);
  private final Runs runs = Runs.over(bus);
  private final List<StoreAsk<?>> asked = new CopyOnWriteArrayList<>();
  private final Promise<Boolean> forgotten = Promise.promise();
  private volatile Future<Boolean> ended = Future.succeededFuture(true);
  private volatile @Nullable UUID committed;

  @TempDir Path dir;

  @SuppressWarnings("NullAway.Init") // set before every test
  private NodeHome home;

  @BeforeEach
  void start() {
    bus.answer(Ask.Address.STORE, StoreAsk.class, this::store);
    home = NodeHome.open(dir.resolve("node"));
    var options =
        Options.load(dir, null, Map.of(), Map.of("execution.path", dir.resolve("x").toString()));
    var setup =
        new ExecutionSetup(
            home,
            ProcessHost.open(null, CgroupUse.AUTO, 4),
            Map.of(Language.BASH, new Bash(BashLogin.OFF)),
            Map.of(),
            false,
            InstantSource.system());
    vertx.deployVerticle(new ExecutionVerticle(options, bus, setup)).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    home.close();
  }

  /** A database whose answer to the first insert is lost. */
  private Future<?> store(StoreAsk<?> question) {
    asked.add(question);
    return switch (question) {
      case RunWrite.BeginLife life ->
          Future.succeededFuture(
              new RunWrite.Life(new RunWrite.Lease(life.node().id(), 1), List.of()));
      case RunWrite.InsertOnce(var insert, _) when committed == null -> {
        committed = insert.id();
        yield Future.failedFuture(new Problem.Unavailable("away", Duration.ofSeconds(2)));
      }
      case RunWrite.InsertOnce(var insert, _) ->
          Future.succeededFuture(new RunWrite.Inserted(run(insert.request()), false));
      case RunAsk.Repeated _ ->
          Future.succeededFuture(Optional.ofNullable(committed).map(_ -> run(request())));
      case RunWrite.EndQueued _ -> ended;
      case RunWrite.Finish _ -> Future.succeededFuture(false);
      case RunWrite.Forget _ -> forgotten.future();
      case RunWrite.EndLeft _ -> Future.succeededFuture(0);
      case RunWrite.LookAround _ ->
          Future.succeededFuture(new RunWrite.Surroundings(List.of(), List.of(), Map.of()));
      default -> Future.succeededFuture(true);
    };
  }

  private static RunRequest request() {
    return RunRequest.adHoc(
        new ScriptStamp("a", "a", Language.BASH, Runner.HOST, 0, ""),
        "true",
        List.of(),
        List.of(),
        "",
        Duration.ofSeconds(1),
        Limits.DEFAULT,
        Door.ADMIN,
        new Meta("token", null, "admin", null, null, null));
  }

  private Run run(RunRequest request) {
    var invocation = request.invocation();
    return new Run(
        Objects.requireNonNull(committed),
        1,
        null,
        invocation.script(),
        new Run.Request(List.of(), null, invocation.timeout()),
        request.door(),
        Trigger.API,
        RunStatus.QUEUED,
        request.meta(),
        Instant.EPOCH,
        null,
        null,
        Instant.EPOCH,
        null,
        null,
        OutputTotals.NONE,
        false,
        null,
        1);
  }

  private static Throwable refusal(Future<?> answer) {
    var failure = catchThrowable(() -> answer.toCompletionStage().toCompletableFuture().join());
    return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
  }

  private boolean wasAsked(Class<?> question) {
    return asked.stream().anyMatch(question::isInstance);
  }

  @Test
  void untilItIsTakenBackARepeatIsToldToComeAgain() {
    assertThat(refusal(runs.submitOnce(request(), KEY))).isInstanceOf(Problem.Unavailable.class);
    await().until(() -> wasAsked(RunWrite.Forget.class));

    assertThat(refusal(runs.repeated(KEY))).isInstanceOf(Problem.Unavailable.class);
    assertThat(refusal(runs.submitOnce(request(), KEY))).isInstanceOf(Problem.Unavailable.class);
    assertThat(asked).filteredOn(RunWrite.Forget.class::isInstance).hasSize(1);
    assertThat(asked).contains(new RunWrite.Forget(KEY, Objects.requireNonNull(committed)));

    forgotten.complete(true);
    await().until(() -> refusal(runs.repeated(KEY)) == null);
  }

  @Test
  void aRunThatAnotherNodeHasTakenKeepsItsKey() {
    ended = Future.succeededFuture(false);

    assertThat(refusal(runs.submitOnce(request(), KEY))).isInstanceOf(Problem.Unavailable.class);
    await().until(() -> wasAsked(RunWrite.Finish.class));

    await().until(() -> refusal(runs.submitOnce(request(), KEY)) == null);
    assertThat(wasAsked(RunWrite.Forget.class)).isFalse();
  }
}

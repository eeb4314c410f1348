package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.bus.Bus;
import dev.runnel.bus.ExecutionAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.config.Options;
import dev.runnel.execution.bash.Bash;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs do while the store does not take what they print. */
class StoreTroubleTest {
  private static final int MEGABYTE = 1_000_000;

  @TempDir Path home;

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);
  private final TroubledStore store = new TroubledStore();

  @SuppressWarnings("NullAway.Init") // set when a test starts the engine
  private ProcessHost host;

  @AfterEach
  void close() {
    vertx.close().await();
    if (host != null) {
      host.close();
    }
  }

  @Test
  void whileTheStoreIsAwayTheScriptWaitsAndNothingIsLost() throws Exception {
    start("1 GiB");
    var progress = home.resolve("progress");
    store.trouble = RunWrite.Append.class::isInstance;
    store.answer = _ -> Future.failedFuture(new Problem.Unavailable("away", Duration.ofSeconds(1)));
    run("for i in $(seq 20); do head -c 1000000 /dev/zero; echo $i >> " + progress + "; done");

    await().until(() -> store.refused.get() >= 4);
    assertThat(Files.readAllLines(progress))
        .as("megabytes that left the script: one in memory, what was just read, a pipe")
        .hasSizeLessThan(4);

    store.trouble = _ -> false;
    assertThat(store.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Objects.requireNonNull(store.end).outcome().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(store.bytes()).isEqualTo(20 * MEGABYTE);
  }

  @Test
  void aWriteThatIsRefusedIsTriedAgain() throws Exception {
    start("1 GiB");
    store.trouble = write -> !(write instanceof RunWrite.Insert) && store.refused.get() < 3;
    store.answer = _ -> Future.failedFuture("could not extend file: No space left on device");
    run("echo kept; sleep 0.3; echo too");

    assertThat(store.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(store.refused.get()).isEqualTo(3);
    assertThat(store.bytes()).isEqualTo("kept\ntoo\n".length());
  }

  @Test
  void overTheLimitAStoreThatHangsCostsNoMoreMemoryThanOneThatAnswers() throws Exception {
    start("1 MiB");
    var hung = Promise.<Object>promise();
    store.trouble = RunWrite.Tail.class::isInstance;
    store.answer = _ -> hung.future();
    var run =
        run(
            "head -c 20000000 /dev/zero; until [ -e go ]; do sleep 0.05; done; head -c 40000000"
                + " /dev/zero; touch "
                + home.resolve("printed")
                + "; until [ -e end ]; do sleep"
                + " 0.05; done");
    await().until(() -> store.refused.get() == 1);
    Files.createFile(home.resolve("go"));
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(home.resolve("printed")));

    assertThat(inMemory(run)).isLessThan(4 << 20);
    hung.complete(true);
    Files.createFile(home.resolve("end"));
    assertThat(store.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(store.bytes()).isBetween((1L << 20) - (128 << 10), 1L << 20);
    var totals = Objects.requireNonNull(store.end).totals();
    assertThat(totals.stdoutBytes()).isEqualTo(60 * MEGABYTE);
  }

  /** What a follower who has seen the newest of the missing events gets without the store. */
  private long inMemory(UUID run) throws Exception {
    store.trouble = _ -> false;
    long newest = 1;
    long bytes = 0;
    for (var page = page(run, newest); !page.events().isEmpty(); page = page(run, newest)) {
      newest = page.events().getLast().seq();
      for (var event : page.events()) {
        bytes += event instanceof RunEvent.Log log ? log.bytes().length : 0;
      }
    }
    return bytes;
  }

  private Page page(UUID run, long since) {
    return bus.ask(new ExecutionAsk.EventsAfter(run, since, 1 << 20, Duration.ZERO)).await();
  }

  private void start(String cap) throws Exception {
    store.answerOn(bus);
    host = ProcessHost.open(null, CgroupUse.AUTO, 4);
    var options =
        Options.load(
            home, null, Map.of("RUNNEL_LOG_CAP", cap, "EXECUTE_PATH", home.toString()), Map.of());
    var setup =
        new ExecutionSetup(
            NodeHome.open(home.resolve("data")),
            host,
            Map.of(Language.BASH, new Bash(BashLogin.OFF)),
            System.getenv(),
            false,
            InstantSource.system());
    vertx.deployVerticle(new ExecutionVerticle(options, bus, setup)).await();
  }

  private UUID run(String text) {
    var stamp = new ScriptStamp("t", "", Language.BASH, Runner.HOST, 0, RunRequest.sha256(text));
    var request =
        RunRequest.adHoc(
            stamp,
            text,
            List.of(),
            List.of(),
            home.toString(),
            Duration.ofMinutes(2),
            Limits.DEFAULT,
            Door.COMMAND_LINE,
            new Meta("commandLine", null, "command_line", null, null, null));
    return bus.ask(new ExecutionAsk.Submit(request)).await().id();
  }
}

package dev.runnel.execution;

import dev.runnel.config.ExecutionOptions.RunEnvironment;
import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.config.Options;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Run;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Runner;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs scripts as the engine does, without a store, in an environment of the test's own. */
public final class Stage implements AutoCloseable {
  private static final String UUIDS =
      "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("stage", 4);
  private final NodeHome home;
  private final ProcessHost host;
  private final Path executePath;
  private final Map<String, String> environment;
  private final Map<String, UUID> scripts = new HashMap<>();

  /**
   * @param directory the stage's own, for everything it writes
   * @param environment the service's
   * @param runAs the user scripts run as; null for this one
   */
  public Stage(Path directory, Map<String, String> environment, @Nullable String runAs)
      throws IOException {
    home = NodeHome.open(Files.createDirectories(directory.resolve("data")));
    host = ProcessHost.open(runAs, CgroupUse.AUTO, 4);
    executePath = Files.createDirectories(directory.resolve("functions")).toRealPath();
    this.environment =
        ChildEnvironment.of(environment, RunEnvironment.FILTERED, Set.of(), executePath);
  }

  /**
   * What one run showed.
   *
   * @param argv how it was started
   */
  public record Seen(
      int code, @Nullable Integer signal, String out, String err, List<String> argv) {

    /** What a script and its caller can tell it by. */
    public String observed() {
      return "exit " + code + " signal " + signal + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  /** Where its scripts find what {@code EXECUTE_PATH} holds. */
  public Path executePath() {
    return executePath;
  }

  /** Starts the script and waits for all that it prints. Identities are made the same. */
  public Seen run(Interpreter interpreter, Sample sample) throws Exception {
    var said = new Recorder();
    var overheard = new Overheard(interpreter);
    var run = run(sample);
    var execution =
        starter(overheard)
            .start(run, sample.invocation(), said, new StartGate())
            .await(30, TimeUnit.SECONDS);
    try {
      var exit = said.awaitExit();
      said.awaitClosed();
      return new Seen(
          exit.code(),
          exit.signal(),
          same(said.bytes(Output.STDOUT)),
          same(said.bytes(Output.STDERR)),
          List.copyOf(overheard.argv));
    } finally {
      execution.end().await(30, TimeUnit.SECONDS);
    }
  }

  /** What an interpreter would be shown for this run. */
  public Interpreter.Workplace workplace(Interpreter interpreter, Sample sample) throws Exception {
    var overheard = new Overheard(interpreter);
    var said = new Recorder();
    starter(overheard)
        .start(run(sample), sample.invocation(), said, new StartGate())
        .await(30, TimeUnit.SECONDS)
        .end()
        .await(30, TimeUnit.SECONDS);
    return Objects.requireNonNull(overheard.workplace);
  }

  private Starter starter(Overheard interpreter) throws IOException {
    for (var name : interpreter.library()) {
      var file = home.library().resolve(name);
      if (!Files.exists(file)) {
        try (var source = interpreter.home().getResourceAsStream(name)) {
          Files.copy(Objects.requireNonNull(source, name), file);
        }
      }
    }
    return new Starter(
        workers,
        host,
        home,
        new ScriptFiles(home.files(), host.owner()),
        executePath,
        environment,
        Map.of(
            Language.BASH,
            interpreter,
            Language.NODE,
            interpreter,
            Language.PYTHON,
            interpreter,
            Language.COMMAND,
            interpreter),
        Options.load(executePath, null, Map.of(), Map.of()).limit(),
        InstantSource.system());
  }

  private static String same(byte[] printed) {
    return new String(printed, StandardCharsets.ISO_8859_1).replaceAll(UUIDS, "ID");
  }

  private Run run(Sample sample) {
    var now = Instant.now();
    return new Run(
        UUID.randomUUID(),
        1,
        scripts.computeIfAbsent(sample.toString(), _ -> UUID.randomUUID()),
        stamp(sample),
        new Run.Request(sample.args(), null, Duration.ofMinutes(1)),
        Door.BOSBASE,
        Trigger.MANUAL,
        RunStatus.RUNNING,
        new Meta("guest", null, "bosbase", null, null, null),
        now,
        now,
        null,
        now,
        null,
        null,
        OutputTotals.NONE,
        false,
        null,
        0);
  }

  static ScriptStamp stamp(Sample sample) {
    return new ScriptStamp(
        sample.fileName(),
        "sample",
        sample.language(),
        Runner.HOST,
        1,
        "%064x".formatted(sample.text().hashCode()));
  }

  @Override
  public void close() {
    host.close();
    workers.close();
    vertx.close().await();
    home.close();
  }
}

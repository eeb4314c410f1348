package dev.runnel.execution;

import dev.runnel.config.LimitOptions;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Invocation;
import dev.runnel.run.Run;
import dev.runnel.script.Language;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prepares a run's directory, files, environment and command line, and starts its process. */
final class Starter {
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final FileAttribute<?> READABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final WorkerExecutor workers;
  private final ProcessHost host;
  private final NodeHome home;
  private final ScriptFiles files;
  private final Path executePath;
  private final Map<String, String> environment;
  private final Map<Language, Interpreter> interpreters;
  private final LimitOptions limits;
  private final InstantSource clock;
  private final String bootId = NodeHome.bootId();

  Starter(
      WorkerExecutor workers,
      ProcessHost host,
      NodeHome home,
      ScriptFiles files,
      Path executePath,
      Map<String, String> environment,
      Map<Language, Interpreter> interpreters,
      LimitOptions limits,
      InstantSource clock) {
    this.workers = workers;
    this.host = host;
    this.home = home;
    this.files = files;
    this.executePath = executePath;
    this.environment = environment;
    this.interpreters = interpreters;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Fails with {@link StartFailed} or an I/O failure; nothing is left behind then.
   *
   * @param gate passed just before the process is started
   */
  Future<Execution> start(Run run, Invocation invocation, ChildListener listener, StartGate gate) {
    return workers.executeBlocking(() -> startNow(run, invocation, listener, gate), false);
  }

  /** Whether modules are run by a program of this host. */
  Future<Boolean> hasWasmEdge() {
    var path = environment.getOrDefault("PATH", "");
    return workers.executeBlocking(() -> WasmEdge.find(executePath, path).isPresent(), false);
  }

  /** Whether this node can run that language at all. */
  boolean runs(Language language) {
    return interpreters.containsKey(language);
  }

  private Execution startNow(Run run, Invocation invocation, ChildListener listener, StartGate gate)
      throws IOException, StartFailed {
    var prepared = new Prepared(run, invocation);
    if (prepared.directory.equals(executePath)) {
      makeExecutePath();
    }
    var entry = home.ledger().enter(run.id().toString());
    try {
      var interpreter = Objects.requireNonNull(interpreters.get(invocation.script().language()));
      var job = interpreter.job(invocation, prepared);
      var begin = job.isPresent() ? null : prepared.begin(interpreter);
      if (!gate.pass()) {
        throw new StartFailed(StartFailed.Obstacle.OTHER, "The start was given up");
      }
      var startedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
      if (begin == null) {
        Execution.CleanUp cleanUp =
            () -> {
              entry.strike();
              prepared.remove();
            };
        return new JobExecution(workers, host, job.get(), listener, startedAt, cleanUp);
      }
      var child =
          host.start(begin.launch, begin.handover, listener, leader -> entry.leads(leader, bootId));
      return new ProcessExecution(
          workers, host, child, startedAt, entry::strike, prepared.cleanUp(interpreter));
    } catch (IOException | StartFailed | RuntimeException failure) {
      entry.strike();
      prepared.remove();
      throw failure;
    }
  }

  /** It may have been removed since the service was started. */
  private void makeExecutePath() throws IOException {
    if (!Files.isDirectory(executePath)) {
      Files.createDirectories(executePath);
      host.owner().owns(executePath);
    }
  }

  /** A script's own directory counts everywhere; without one each door has its default. */
  private Path workingDirectory(Door door, Invocation invocation) {
    if (!invocation.workingDirectory().isEmpty()) {
      return Path.of(invocation.workingDirectory());
    }
    return switch (door) {
      case BOSBASE -> executePath;
      case ADMIN, COMMAND_LINE -> Path.of("").toAbsolutePath();
    };
  }

  private static Map<String, String> reserved(Run run) {
    var reserved = new HashMap<String, String>();
    reserved.put("RUNNEL_RUN_ID", run.id().toString());
    reserved.put("SCRIPT_RUN_ID", run.id().toString());
    reserved.put("SCRIPT_CODE", run.script().codeIdentifier());
    reserved.put("SCRIPT_TRIGGER", run.trigger().wire());
    if (run.scriptId() != null) {
      reserved.put("SCRIPT_ID", run.scriptId().toString());
    }
    return reserved;
  }

  private static Map<String, String> over(Map<String, String> base, Map<String, String> command) {
    var merged = new HashMap<>(base);
    command.forEach((name, value) -> {
      if (value.isEmpty()) {
        merged.remove(name);
      } else {
        merged.put(name, value);
      }
    });
    return merged;
  }

  /** What went wrong with a start, for the record and the script's own error output. */
  static String explain(Throwable failure) {
    return switch (failure) {
      case StartFailed failed -> Objects.requireNonNullElse(failed.getMessage(), "Could not start");
      case Problem problem -> Objects.requireNonNullElse(problem.getMessage(), "Could not start");
      case IOException io -> "Could not start: " + io.getMessage();
      default -> "Could not start: " + failure;
    };
  }

  /** How a run's process begins. */
  private record Begin(Launch launch, @Nullable Handover handover) {}

  /** Its directory is made on first use: most runs need none, and a file system takes its time. */
  private final class Prepared implements Interpreter.Workplace {
    private final Run run;
    private final Invocation invocation;
    private final Map<String, String> reserved;
    private final Map<String, String> base;
    private final Path directory;
    private final RunLimits limits;
    private @Nullable Path runDirectory;

    Prepared(Run run, Invocation invocation) {
      this.run = run;
      this.invocation = invocation;
      this.reserved = Starter.reserved(run);
      this.base = ChildEnvironment.withRun(environment, List.of(), invocation.env(), reserved);
      this.directory = Starter.this.workingDirectory(run.door(), invocation);
      this.limits = RunLimits.of(invocation.limits(), Starter.this.limits);
    }

    Begin begin(Interpreter interpreter) throws IOException {
      var command = interpreter.command(invocation, this);
      var launch =
          new Launch(command.argv(), over(base, command.environment()), directory, null, limits);
      var ahead = command.ahead();
      return new Begin(
          launch,
          ahead == null ? null : Handover.of(ahead, launch, reserved.keySet()).orElse(null));
    }

    @Override
    public @Nullable Duration cpuLimit() {
      return limits.cpu();
    }

    @Override
    public @Nullable Long memoryLimit() {
      return limits.memoryBytes();
    }

    @Override
    public Process startWorker(List<String> argv, Map<String, String> environment)
        throws IOException {
      var launch = new Launch(argv, environment, executePath, null, limits.ofOneProcess());
      return host.startWorker(launch);
    }

    @Override
    public Path scriptFile() throws IOException {
      var script = invocation.script();
      return run.scriptId() == null
          ? files.inRunDirectory(runDirectory(), script.name(), invocation.text())
          : files.ofVersion(
              run.scriptId(), script.version(), script.sha256(), script.name(), invocation.text());
    }

    @Override
    public Path runDirectory() throws IOException {
      if (runDirectory == null) {
        var fresh = Files.createDirectory(home.runs().resolve(run.id().toString()), PRIVATE);
        runDirectory = fresh;
        host.owner().owns(fresh);
      }
      return runDirectory;
    }

    /** What is to be done when the run has ended; null when nothing is. */
    Execution.@Nullable CleanUp cleanUp(Interpreter interpreter) {
      var directory = runDirectory;
      return directory == null
          ? null
          : () -> {
            interpreter.ended(invocation, directory);
            remove();
          };
    }

    void remove() throws IOException {
      if (runDirectory != null) {
        NodeHome.deleteTree(runDirectory);
      }
    }

    @Override
    public Path executePath() {
      return executePath;
    }

    @Override
    public Path library(String name) {
      return home.library().resolve(name);
    }

    @Override
    public Map<String, String> environment() {
      return base;
    }

    @Override
    public Path workingDirectory() {
      return directory;
    }

    @Override
    public Path keep(String name, byte[] content) throws IOException {
      var file = Files.createFile(home.library().resolve(name), READABLE);
      Files.write(file, content);
      host.owner().mayRead(file);
      return file;
    }

    @Override
    public Trial attempt(
        Function<Path, List<String>> argv, Map<String, String> environment, Duration limit)
        throws IOException, InterruptedException {
      // As for a run: whatever happens to the service, the next life ends what is left.
      var id = Objects.requireNonNull(environment.get(Launch.RUN_ID));
      var entry = home.ledger().enter(id);
      var mark = Files.createDirectory(home.runs().resolve(id), PRIVATE);
      try {
        host.owner().owns(mark);
        var ready = mark.resolve("ready");
        var launch = new Launch(argv.apply(ready), environment, directory, null, limits);
        return host.trials()
            .run(
                launch,
                limit,
                leader -> {
                  entry.leads(leader, bootId);
                  Files.createFile(ready);
                });
      } finally {
        entry.strike();
        NodeHome.deleteTree(mark);
      }
    }
  }
}

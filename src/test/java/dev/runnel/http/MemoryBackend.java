package dev.runnel.http;

import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.ExecutionAsk;
import dev.runnel.bus.HostLimit;
import dev.runnel.bus.KeyAsk;
import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.bus.SettingAsk;
import dev.runnel.bus.StoreAsk;
import dev.runnel.bus.StoreHealth;
import dev.runnel.problem.Problem;
import dev.runnel.run.Invocation;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.Submitted;
import dev.runnel.run.Tails;
import dev.runnel.script.EnvVariable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A store and an engine whose faults and paces a test sets by hand: a database that neither answers
 * nor refuses, a queue that is full, events that come one by one.
 */
final class MemoryBackend implements Backend {
  final MemoryScripts scripts = new MemoryScripts();
  final MemoryPermissions permissions = new MemoryPermissions(scripts);
  final Map<UUID, MemoryRun> runs = new ConcurrentHashMap<>();

  /** Every question to the store, in order. */
  final List<StoreAsk<?>> asked = new CopyOnWriteArrayList<>();

  /** The database neither answers nor refuses. */
  volatile boolean storeHangs;

  volatile boolean storeIsAway;

  /** The database fails in a way that nobody thought of. */
  volatile boolean storeIsBroken;

  /** Starts are refused. */
  volatile boolean queueIsFull;

  /** Starts wait for ever. */
  volatile boolean slotsAreTaken;

  @Override
  public Future<?> deploy(Vertx vertx, Bus bus) {
    bus.answer(Ask.Address.STORE, StoreAsk.class, this::store);
    bus.answer(Ask.Address.EXECUTION, ExecutionAsk.class, this::execution);
    return Future.succeededFuture();
  }

  private Future<?> store(StoreAsk<?> question) {
    asked.add(question);
    if (storeHangs) {
      return Promise.promise().future();
    }
    if (storeIsBroken) {
      return Future.failedFuture(new IllegalStateException("column sekret does not exist"));
    }
    if (storeIsAway) {
      return Future.failedFuture(
          new Problem.Unavailable("The database does not answer", Duration.ofSeconds(2)));
    }
    return Future.succeededFuture(
        switch (question) {
          case ScriptAsk.Delete delete -> delete(delete);
          case ScriptAsk<?> ask -> scripts.answer(ask);
          case PermissionAsk<?> ask -> permissions.answer(ask);
          case AccountAsk<?> ask -> scripts.answer(ask);
          case RunAsk<?> ask -> answer(ask);
          case StoreHealth _ -> true;
          case SettingAsk<?> _, KeyAsk<?> _ ->
              throw new IllegalStateException("The doors need no settings");
          case RunWrite<?> _ -> throw new IllegalStateException("The doors do not write runs");
        });
  }

  private Object delete(ScriptAsk.Delete question) {
    scripts.find(question.id()).ifPresent(permissions::revoke);
    return scripts.answer(question);
  }

  private Object answer(RunAsk<?> question) {
    return switch (question) {
      case RunAsk.Find(var id) -> Optional.ofNullable(runs.get(id)).map(MemoryRun::record);
      case RunAsk.Invoked(var id) ->
          Optional.ofNullable(runs.get(id)).map(run -> run.request.invocation());
      case RunAsk.Repeated _ -> Optional.empty();
      case RunAsk.Search(var query) -> search(query);
      case RunAsk.Active(var scriptId) ->
          runs.values().stream()
              .filter(run -> scriptId.equals(run.request.scriptId()))
              .filter(run -> !run.status().isTerminal())
              .map(run -> run.id)
              .toList();
      case RunAsk.Events(var id, var since, var maxBytes) -> run(id).after(since, maxBytes);
      case RunAsk.LastOutput(var ids, var bytes) ->
          ids.stream().collect(Collectors.toMap(id -> id, id -> tails(run(id), bytes)));
      case RunAsk.Log(var id, var output, var offset, var limit) -> {
        var all = run(id).bytes(output);
        var from = (int) Math.min(offset, all.length);
        yield new StoredOutput(
            Arrays.copyOfRange(all, from, Math.min(all.length, from + limit)),
            all.length,
            List.of());
      }
      case RunAsk.Place _ -> throw new IllegalStateException("Nothing is downloaded here");
    };
  }

  private Future<?> execution(ExecutionAsk<?> question) {
    return switch (question) {
      case ExecutionAsk.Submit(var request) -> Future.succeededFuture(submit(request));
      case ExecutionAsk.SubmitOnce(var request, _) ->
          Future.succeededFuture(new Submitted(submit(request), false));
      case ExecutionAsk.Repeated _ -> Future.succeededFuture(Optional.empty());
      case ExecutionAsk.Cancel(var id, _) -> Future.succeededFuture(cancel(run(id)));
      case ExecutionAsk.EventsAfter(var id, var since, var maxBytes, var patience) -> {
        var run = run(id);
        yield run.waitAfter(since)
            .future()
            .timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
            .otherwise(Page.NOTHING_YET)
            .map(_ -> run.after(since, maxBytes));
      }
      case ExecutionAsk.Publish _, ExecutionAsk.Withdraw _ -> Future.succeededFuture(true);
      case ExecutionAsk.LastOutput(var ids, var bytes) -> store(new RunAsk.LastOutput(ids, bytes));
      case ExecutionAsk.Limits _ ->
          Future.succeededFuture(
              List.of(
                  new HostLimit("memoryBytes", true, "by the engine", 100L, null, "bytes"),
                  new HostLimit("openFiles", false, "root", null, 7L, "files")));
      case ExecutionAsk.HasWasmEdge _ -> Future.succeededFuture(false);
      case ExecutionAsk.Load _ ->
          Future.succeededFuture(new ExecutionAsk.Load.Now(4, 0, 0, Duration.ofSeconds(7)));
    };
  }

  private Run submit(RunRequest request) {
    if (!request.enabled()) {
      throw new Problem.Disabled();
    }
    if (queueIsFull) {
      throw new Problem.QueueFull(Duration.ofSeconds(3));
    }
    var busy =
        runs.values().stream()
            .filter(run -> request.turn().refuseWhenBusy() && !run.status().isTerminal())
            .filter(run -> Objects.equals(run.request.scriptId(), request.scriptId()))
            .findFirst();
    if (busy.isPresent()) {
      throw new Problem.Busy(busy.get().id);
    }
    var run = new MemoryRun(request, runs.size() + 1L);
    runs.put(run.id, run);
    var patience = request.turn().patience();
    if (!slotsAreTaken) {
      Thread.startVirtualThread(() -> execute(run));
    } else if (patience != null) {
      CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> run.ended(RunStatus.TIMED_OUT, null, "queue time-out"));
    }
    return run.record();
  }

  private static RunStatus cancel(MemoryRun run) {
    if (run.status().isTerminal()) {
      throw new Problem.AlreadyEnded(run.status().wire());
    }
    run.wanted = RunStatus.CANCELED;
    if (run.process == null) {
      run.ended(RunStatus.CANCELED, null, null);
    } else {
      run.process.descendants().forEach(ProcessHandle::destroyForcibly);
      run.process.destroyForcibly();
    }
    return run.status();
  }

  private static void execute(MemoryRun run) {
    var invocation = run.request.invocation();
    try {
      var file = Files.createTempFile("script", invocation.script().name());
      Files.writeString(file, invocation.text());
      var builder = new ProcessBuilder(command(invocation, file.toString()));
      for (EnvVariable variable : invocation.env()) {
        builder.environment().put(variable.key(), variable.value());
      }
      run.started();
      var process = builder.start();
      run.process = process;
      process.getOutputStream().close();
      var err = Thread.startVirtualThread(() -> read(run, Output.STDERR, process.getErrorStream()));
      var out = Thread.startVirtualThread(() -> read(run, Output.STDOUT, process.getInputStream()));
      var inTime = process.waitFor(invocation.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      out.join();
      err.join();
      Files.delete(file);
      var code = process.waitFor();
      var natural = code == 0 ? RunStatus.SUCCEEDED : RunStatus.FAILED;
      var wanted = run.wanted;
      run.ended(
          !inTime ? RunStatus.TIMED_OUT : wanted == null ? natural : wanted,
          code,
          inTime ? null : "Run timed out");
    } catch (IOException | InterruptedException failure) {
      run.ended(RunStatus.FAILED, 1, failure.getMessage());
    }
  }

  private static List<String> command(Invocation invocation, String file) {
    var command = new ArrayList<String>();
    switch (invocation.script().language()) {
      case BASH, COMMAND -> command.addAll(List.of("bash", file));
      case NODE -> command.addAll(List.of("node", file));
      case PYTHON, BROWSER, WASM -> command.addAll(List.of("python3", file));
    }
    if (invocation.function() != null) {
      var call =
          "import runpy,sys;f=sys.argv[1:3];"
              + "print(runpy.run_path(f[0])[f[1]](*sys.argv[3:]),end='')";
      command.clear();
      command.addAll(List.of("python3", "-c", call, file, invocation.function()));
    }
    command.addAll(invocation.args());
    return command;
  }

  private static void read(MemoryRun run, Output output, InputStream stream) {
    var bytes = new byte[64 * 1024];
    try (stream) {
      for (int n = stream.read(bytes); n >= 0; n = stream.read(bytes)) {
        run.printed(output, Arrays.copyOf(bytes, n));
      }
    } catch (IOException closed) {
      // The process was killed: what it printed is there.
      run.printed(output, new byte[0]);
    }
  }

  private List<Run> search(RunQuery query) {
    return runs.values().stream()
        .map(MemoryRun::record)
        .filter(run -> query.scriptId() == null || query.scriptId().equals(run.scriptId()))
        .filter(run -> query.status() == null || query.status() == run.status())
        .filter(run -> query.trigger() == null || query.trigger() == run.trigger())
        .filter(run -> query.before() == null || run.createdAt().isBefore(query.before()))
        .sorted(Comparator.comparing(Run::createdAt).reversed())
        .limit(query.limit())
        .toList();
  }

  private MemoryRun run(UUID id) {
    return Optional.ofNullable(runs.get(id))
        .orElseThrow(() -> new Problem.NotFound(Problem.Kind.RUN, id.toString()));
  }

  private static Tails tails(MemoryRun run, int bytes) {
    return new Tails(
        tail(run.bytes(null), bytes),
        tail(run.bytes(Output.STDOUT), bytes),
        tail(run.bytes(Output.STDERR), bytes));
  }

  private static byte[] tail(byte[] all, int bytes) {
    return Arrays.copyOfRange(all, Math.max(0, all.length - bytes), all.length);
  }

  /** The run that was started with this argument. */
  MemoryRun runWith(String argument) {
    return runs.values().stream()
        .filter(run -> run.request.invocation().args().contains(argument))
        .findFirst()
        .orElseThrow();
  }
}

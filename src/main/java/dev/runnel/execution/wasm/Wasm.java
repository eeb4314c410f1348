package dev.runnel.execution.wasm;

import dev.runnel.config.WasmOptions;
import dev.runnel.execution.Interpreter;
import dev.runnel.execution.Job;
import dev.runnel.execution.WasmEdge;
import dev.runnel.run.Invocation;
import dev.runnel.run.WasmCall;
import dev.runnel.worker.wasm.Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code wasmedge OPTIONS WASM PARAMS} where there is such a program, else the same in a resident
 * worker: starting a JVM for each module would cost a hundred times what most modules take.
 */
public final class Wasm implements Interpreter {
  /** What a module's runtime sees of the run's environment. */
  private static final Set<String> PASSED =
      Set.of("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "EXECUTE_PATH");

  private static final List<String> PASSED_BEGINNINGS = List.of("LC_", "SCRIPT_", "RUNNEL_");

  private final WasmOptions options;
  private final Workers workers;

  /** Starts nothing before it is asked to. */
  public Wasm(WasmOptions options) {
    this.options = options;
    this.workers = new Workers(options);
  }

  @Override
  public Command command(Invocation invocation, Workplace workplace) {
    var call = WasmCall.of(invocation);
    var argv = new ArrayList<>(List.of(WasmEdge.NAME));
    argv.addAll(call.optionWords());
    argv.add(file(call.wasm()));
    argv.addAll(call.paramWords());
    var environment = new HashMap<String, String>();
    workplace.environment().keySet().stream()
        .filter(name -> !passes(name))
        .forEach(name -> environment.put(name, ""));
    environment.put("PATH", WasmEdge.searchPath(workplace.executePath(), path(workplace)));
    return new Command(argv, environment);
  }

  @Override
  public Optional<Job> job(Invocation invocation, Workplace workplace) {
    var executePath = workplace.executePath();
    if (WasmEdge.find(executePath, path(workplace)).isPresent()) {
      return Optional.empty();
    }
    var call = WasmCall.of(invocation);
    var order =
        new Order(
            workplace.workingDirectory().toString(),
            call.optionWords(),
            call.wasm(),
            call.paramWords(),
            pages(workplace),
            millis(workplace));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var environment = environment(workplace);
    return Optional.of(heard ->
        workers.submit(
            order,
            heard,
            arguments -> {
              var argv = new ArrayList<>(List.of(java));
              argv.addAll(arguments);
              return workplace.startWorker(argv, environment);
            }));
  }

  @Override
  public void close() {
    workers.close();
  }

  /** A file called {@code compile} must not be taken for the program's subcommand. */
  private static String file(String wasm) {
    return wasm.contains(".") || wasm.contains("/") ? wasm : "./" + wasm;
  }

  private int pages(Workplace workplace) {
    var limit = workplace.memoryLimit();
    var bytes = limit == null ? options.memory() : Math.min(limit, options.memory());
    return (int) Math.max(1, bytes / Order.PAGE);
  }

  /** A limit of less than a millisecond is one all the same. */
  private static long millis(Workplace workplace) {
    var limit = workplace.cpuLimit();
    return limit == null ? 0 : Math.max(1, limit.toMillis());
  }

  /** The worker's own: what a module sees comes from its options alone. */
  private static Map<String, String> environment(Workplace workplace) {
    var environment = new HashMap<>(workplace.environment());
    environment.keySet().retainAll(PASSED);
    // File names are UTF-8 whatever the service was started with.
    environment.put("LC_ALL", "C.UTF-8");
    return environment;
  }

  private static boolean passes(String name) {
    return PASSED.contains(name) || PASSED_BEGINNINGS.stream().anyMatch(name::startsWith);
  }

  private static String path(Workplace workplace) {
    return workplace.environment().getOrDefault("PATH", "");
  }
}

package dev.runnel.execution.python;

import dev.runnel.execution.Interpreter;
import dev.runnel.execution.Venv;
import dev.runnel.run.Invocation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * {@code python FILE args…} with {@code EXECUTE_PATH/.venv} activated when it is there.
 *
 * <p>Call mode calls one function of the file instead. It is used when the caller names a function,
 * and when the file defines a top-level {@code main} that nothing at module level uses; whether
 * that is so is found by parsing, once for each text.
 */
public final class Python implements Interpreter {
  /** Only a text with such a line needs parsing. */
  private static final Pattern MAIN =
      Pattern.compile("^\\ufeff?(async[ \\t]+)?def[ \\t]+main\\b", Pattern.MULTILINE);

  private static final String CALL_MODE = "call_mode.py";

  /** Beside {@link #CALL_MODE}, which loads it. */
  private static final String CALL_STEPS = "call_steps.py";

  /** Python loads it at every start, from the directory that PYTHONPATH names. */
  private static final String IMPORTABLE = "sitecustomize.py";

  /** Where {@code call_mode.py} leaves what it decided, in the run directory. */
  private static final String NOTE = "mode";

  private final ModeCache modes = new ModeCache();

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    var environment = new HashMap<String, String>();
    var argv = new ArrayList<String>();
    argv.add(interpreter(workplace, environment));
    var mode = mode(invocation);
    var file = workplace.scriptFile().toString();
    Ahead ahead = null;
    switch (mode) {
      case PROGRAM -> {
        argv.add(file);
        importable(workplace, environment);
      }
      case CALL -> {
        ahead = ahead(argv.getFirst(), file, invocation, workplace);
        argv.addAll(List.of(library(workplace), "call", file, function(invocation)));
      }
      case UNKNOWN -> {
        var note = workplace.runDirectory().resolve(NOTE).toString();
        argv.addAll(List.of(library(workplace), "decide", file, note));
      }
    }
    argv.addAll(invocation.args());
    // Output is followed while the script runs: what it prints must not wait in a buffer.
    environment.put("PYTHONUNBUFFERED", "1");
    return new Command(argv, environment, ahead);
  }

  private static Ahead ahead(
      String interpreter, String file, Invocation invocation, Workplace workplace) {
    var job = new ArrayList<>(List.of(file, function(invocation)));
    job.addAll(invocation.args());
    return new Ahead(List.of(interpreter, library(workplace), "wait"), job);
  }

  private ModeCache.Mode mode(Invocation invocation) {
    if (invocation.function() != null) {
      return ModeCache.Mode.CALL;
    }
    return MAIN.matcher(invocation.text()).find()
        ? modes.of(invocation.script().sha256())
        : ModeCache.Mode.PROGRAM;
  }

  private static String function(Invocation invocation) {
    return Objects.requireNonNullElse(invocation.function(), "main");
  }

  @Override
  public List<String> library() {
    return List.of(CALL_MODE, CALL_STEPS, IMPORTABLE);
  }

  @Override
  public void ended(Invocation invocation, Path runDirectory) throws IOException {
    modes.read(invocation.script().sha256(), runDirectory.resolve(NOTE));
  }

  private static String library(Workplace workplace) {
    return workplace.library(CALL_MODE).toString();
  }

  /** Activates {@code .venv}, else takes {@code python3} from the path. */
  private static String interpreter(Workplace workplace, Map<String, String> environment) {
    var venv = Venv.of(workplace);
    if (!Files.isExecutable(venv.python())) {
      return "python3";
    }
    environment.putAll(venv.activation(workplace.environment().get("PATH")));
    return venv.python().toString();
  }

  /**
   * See {@code sitecustomize.py}: behind what python finds by itself, never in front. In call mode
   * {@code call_steps.py} does the same, which is quicker than one more file to load.
   */
  private static void importable(Workplace workplace, Map<String, String> environment) {
    environment.put(
        "PYTHONPATH",
        joined(
            workplace.library(IMPORTABLE).getParent().toString(),
            workplace.environment().getOrDefault("PYTHONPATH", "")));
  }

  private static String joined(String first, String rest) {
    return rest.isEmpty() ? first : first + File.pathSeparator + rest;
  }
}

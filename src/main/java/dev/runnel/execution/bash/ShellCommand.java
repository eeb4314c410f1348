package dev.runnel.execution.bash;

import dev.runnel.execution.Interpreter;
import dev.runnel.execution.Venv;
import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bash -c TEXT} for a command: no login shell, no arguments, and the programs of {@code
 * .venv} and of {@code EXECUTE_PATH} before all others.
 */
public final class ShellCommand implements Interpreter {

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    // After "--" also a text that begins with a dash is no option.
    return new Command(
        List.of("bash", "-c", "--", line(invocation.text(), workplace)), environment(workplace));
  }

  /** What does not fit into an argument is read from a file, by a shell that is the same else. */
  private static String line(String text, Workplace workplace) throws IOException {
    if (text.getBytes(StandardCharsets.UTF_8).length <= Bash.LONGEST_ARGUMENT) {
      return text;
    }
    var file = workplace.scriptFile().toString();
    return "eval \"$(<'" + file.replace("'", "'\\''") + "')\"";
  }

  /** The directory of {@code .venv} is on the path before it is there: a command may make it. */
  private static Map<String, String> environment(Workplace workplace) {
    var venv = Venv.of(workplace);
    var path = Venv.inFront(workplace.executePath(), workplace.environment().get("PATH"));
    if (Files.isDirectory(venv.directory())) {
      return venv.activation(path);
    }
    var environment = new HashMap<String, String>();
    environment.put("PATH", Venv.inFront(venv.bin(), path));
    return environment;
  }
}

package dev.runnel.execution.bash;

import dev.runnel.execution.Interpreter;
import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code bash -lc TEXT}; a text too long for one argument runs as a file. */
public final class Bash implements Interpreter {
  /** Linux takes at most 128 KiB in one argument. */
  private static final int LONGEST_ARGUMENT = 100 * 1024;

  private final boolean login;

  /**
   * @param login read the profile files as a login shell does
   */
  public Bash(boolean login) {
    this.login = login;
  }

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    var argv = new ArrayList<>(List.of("bash"));
    var text = invocation.text();
    if (text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ARGUMENT) {
      argv.addAll(List.of(login ? "-lc" : "-c", text, "bash"));
      if (invocation.args().isEmpty()) {
        argv.removeLast();
      }
    } else {
      if (login) {
        argv.add("-l");
      }
      argv.add(workplace.scriptFile().toString());
    }
    argv.addAll(invocation.args());
    return new Command(argv, Map.of());
  }
}

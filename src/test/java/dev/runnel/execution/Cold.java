package dev.runnel.execution;

import dev.runnel.run.Invocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a user would type: the interpreter itself, nothing in front or around it. */
final class Cold implements Interpreter {
  private static final int LONGEST_ARGUMENT = 100 * 1024;

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    var argv = new ArrayList<String>();
    var file = workplace.scriptFile().toString();
    argv.addAll(
        switch (invocation.script().language()) {
          case BASH ->
              invocation.text().length() > LONGEST_ARGUMENT
                  ? List.of("bash", "-l", file)
                  : invocation.args().isEmpty()
                      ? List.of("bash", "-lc", invocation.text())
                      : List.of("bash", "-lc", invocation.text(), "bash");
          case NODE -> List.of("node", file);
          case PYTHON -> List.of("python3", file);
          case COMMAND -> List.of("bash", "-c", invocation.text());
          case BROWSER, WASM -> throw new IllegalArgumentException("not on a server");
        });
    argv.addAll(invocation.args());
    return new Command(argv, Map.of());
  }
}

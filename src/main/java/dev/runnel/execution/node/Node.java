package dev.runnel.execution.node;

import dev.runnel.execution.Interpreter;
import dev.runnel.run.Invocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code node FILE args…}. */
public final class Node implements Interpreter {

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    var argv = new ArrayList<>(List.of("node", workplace.scriptFile().toString()));
    argv.addAll(invocation.args());
    return new Command(argv, Map.of());
  }
}

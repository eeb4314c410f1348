package dev.runnel.execution;

import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers what an interpreter was shown and what it answered. */
final class Overheard implements Interpreter {
  private final Interpreter interpreter;
  volatile List<String> argv = List.of();
  volatile @Nullable Workplace workplace;

  Overheard(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  @Override
  public Command command(Invocation invocation, Workplace shown) throws IOException {
    workplace = shown;
    var command = interpreter.command(invocation, shown);
    argv = command.argv();
    return command;
  }

  @Override
  public List<String> library() {
    return interpreter.library();
  }

  @Override
  public void ended(Invocation invocation, Path runDirectory) throws IOException {
    interpreter.ended(invocation, runDirectory);
  }

  /** The class that the files of {@link #library} lie beside. */
  Class<?> home() {
    return interpreter.getClass();
  }
}

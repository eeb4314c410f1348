package dev.runnel.execution;

import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How scripts of one language are started. */
public interface Interpreter {

  /**
   * The command line of an invocation. May write small files; called on a worker.
   *
   * @throws IOException when a file cannot be written
   */
  Command command(Invocation invocation, Workplace workplace) throws IOException;

  /** Resources beside this class that children read; found by {@link Workplace#library}. */
  default List<String> library() {
    return List.of();
  }

  /**
   * A run that had a directory has ended and the directory is about to go. Called on a worker.
   *
   * @throws IOException when something in the directory cannot be read
   */
  default void ended(Invocation invocation, Path runDirectory) throws IOException {}

  /**
   * A command line and what it needs in the environment.
   *
   * @param environment set over the run's environment; an empty value removes a variable
   */
  record Command(List<String> argv, Map<String, String> environment) {}

  /** What a run finds prepared. */
  interface Workplace {

    /** The file that holds the text; its base name is the script's name. Written on first use. */
    Path scriptFile() throws IOException;

    /** A private directory that goes with the run. Made on first use. */
    Path runDirectory() throws IOException;

    /** {@code EXECUTE_PATH}. */
    Path executePath();

    /** A file of the service's own that a child may read. */
    Path library(String name);

    /** The run's environment so far. */
    Map<String, String> environment();
  }
}

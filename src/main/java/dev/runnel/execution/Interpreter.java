package dev.runnel.execution;

import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How scripts of one language are started. */
public interface Interpreter {

  /**
   * The command line of an invocation. May write small files; called on a worker.
   *
   * @throws IOException when a file cannot be written
   */
  Command command(Invocation invocation, Workplace workplace) throws IOException;

  /**
   * The job that takes the place of a process of the run's own; empty: {@link #command} says how to
   * start one. Called on a worker.
   *
   * @throws IOException when it cannot be prepared
   */
  default Optional<Job> job(Invocation invocation, Workplace workplace) throws IOException {
    return Optional.empty();
  }

  /** The node stops and its runs have ended: nothing may stay resident. May block. */
  default void close() {}

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
   * @param ahead how a process does the same that was started before there was the run; null when
   *     none can
   */
  record Command(List<String> argv, Map<String, String> environment, @Nullable Ahead ahead) {

    /** A command that is started when it is needed. */
    public Command(List<String> argv, Map<String, String> environment) {
      this(argv, environment, null);
    }
  }

  /**
   * A process that waits for its job. It is started in the run's working directory with the run's
   * limits and environment, but for the reserved names; {@code RUNNEL_RUN_ID} has the value {@link
   * #NO_RUN}. The job comes over descriptor 3 until that closes: words with NUL between them. They
   * are: the length in bytes of what follows; how many variables follow, and these as {@code
   * NAME=value}; then {@code job}. A process that reads less has to end, without a word.
   *
   * @param argv the command line
   * @param job what it is told about the run
   */
  record Ahead(List<String> argv, List<String> job) {
    /** Stands for the run's id until there is one; as long as that. */
    public static final String NO_RUN = "00000000-0000-0000-0000-000000000000";
  }

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

    /** Where the run's process will start. */
    Path workingDirectory();

    /** The processor time that the run may have; null is no limit. */
    @Nullable Duration cpuLimit();

    /** The memory that the run may have, in bytes; null is no limit. */
    @Nullable Long memoryLimit();

    /**
     * Starts a process that stays to serve runs, as the user that scripts run as, in {@link
     * #executePath}. It reads what it is told to do and must end when that pipe closes: nothing but
     * that ends it with the service. The end of no run touches it.
     *
     * @param environment the whole of it
     * @throws IOException when it cannot be started
     */
    Process startWorker(List<String> argv, Map<String, String> environment) throws IOException;

    /**
     * Writes a file that the children of this node can read, and nobody else; it goes with this
     * life of the service, or when the caller deletes it.
     *
     * @throws IOException when it cannot be written, or is there already
     */
    Path keep(String name, byte[] content) throws IOException;

    /**
     * Starts a program in the same directory, as the same user and within the same limits as the
     * run, waits for it and ends what it leaves. Works also after the run has ended.
     *
     * @param argv made for a file that appears once the limits hold
     * @param environment the whole of it; with a {@code RUNNEL_RUN_ID} of its own
     * @throws IOException when it cannot be started, or the service is about to end
     */
    Trial attempt(
        Function<Path, List<String>> argv, Map<String, String> environment, Duration limit)
        throws IOException, InterruptedException;
  }
}

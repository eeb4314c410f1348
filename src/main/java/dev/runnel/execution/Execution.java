package dev.runnel.execution;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** A run once it was started, in whatever it runs. Its methods never block. */
interface Execution {

  /** What is to be done when the run is over. */
  interface CleanUp {
    void run() throws IOException;

    /** The same; what cannot be done is logged. */
    default void tried() {
      try {
        run();
      } catch (IOException failure) {
        LoggerFactory.getLogger(Execution.class)
            .warn("What a run has left could not be removed: {}", failure.toString());
      }
    }
  }

  /** Holds its output back. */
  Tap tap();

  Instant startedAt();

  /** Has {@code over} told, on any thread, when the run goes over a limit. */
  void watch(RunLimits limits, Consumer<Breach> over);

  /** Whether the kernel has just killed something for want of memory. */
  Future<Boolean> sawOutOfMemory();

  /** Asks all that the run consists of to end (SIGTERM). */
  void terminate();

  /** Ends all that the run consists of (SIGKILL). */
  void kill();

  /**
   * Ends what is left of the run. Answers how many of its processes had to be killed; what it left
   * in files goes afterwards, nobody waits for that.
   */
  Future<Integer> end();
}

package dev.runnel.execution;

import dev.runnel.run.Output;
import java.util.Arrays;

/**
 * Hears what one child does. Calls come one at a time and in order per stream, on a thread that
 * serves other children too: they must not block. The first may come before {@link Launcher#start}
 * has returned.
 */
interface ChildListener {

  /** Bytes the child wrote, at most 64 KiB at a time; the array is the listener's to keep. */
  void output(Output stream, byte[] bytes);

  /**
   * The same at the beginning of an array that should go back to {@link ReadBuffers} when it was
   * read.
   */
  default void output(Output stream, byte[] buffer, int size) {
    output(stream, Arrays.copyOf(buffer, size));
    ReadBuffers.done(buffer);
  }

  /**
   * The end of a stream, once per stream: every holder has closed it, or {@link Child#closeOutput}
   * was called. May come long after {@link #exited} when a descendant holds the stream open.
   */
  void closed(Output stream);

  /** The child itself has ended and is reaped; once. Output may still follow. */
  void exited(ExitStatus status);
}

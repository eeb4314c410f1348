package dev.runnel.execution;

import dev.runnel.run.Output;
import org.jspecify.annotations.Nullable;

/** Stands in for the listener of a process that has nothing to say before it has one. */
final class Unheard implements ChildListener {
  private final Runnable ended;
  private volatile @Nullable ChildListener listener;
  private boolean spoke;

  /**
   * @param ended told when the process has ended before anybody listened
   */
  Unheard(Runnable ended) {
    this.ended = ended;
  }

  /** Has this one told all from now on; false when there was something to hear before. */
  synchronized boolean by(ChildListener other) {
    if (spoke) {
      return false;
    }
    listener = other;
    return true;
  }

  private synchronized @Nullable ChildListener listener() {
    spoke = spoke || listener == null;
    return listener;
  }

  @Override
  public void output(Output stream, byte[] bytes) {
    var told = listener();
    if (told != null) {
      told.output(stream, bytes);
    }
  }

  @Override
  public void output(Output stream, byte[] buffer, int size) {
    var told = listener();
    if (told == null) {
      ReadBuffers.done(buffer);
    } else {
      told.output(stream, buffer, size);
    }
  }

  @Override
  public void closed(Output stream) {
    var told = listener();
    if (told != null) {
      told.closed(stream);
    }
  }

  @Override
  public void exited(ExitStatus status) {
    var told = listener();
    if (told == null) {
      ended.run();
    } else {
      told.exited(status);
    }
  }
}

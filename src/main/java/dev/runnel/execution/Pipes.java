package dev.runnel.execution;

import java.util.HashSet;
import java.util.Set;

/** The descriptors of one start, all closed again unless they were handed on. */
final class Pipes implements AutoCloseable {
  private final Set<Integer> open = new HashSet<>();
  private final Launch launch;

  Pipes(Launch launch) {
    this.launch = launch;
  }

  /** A pipe: the end to read from, the end to write to. */
  int[] pipe() throws StartFailed {
    int[] ends = new int[2];
    checked(Native.pipe(ends));
    open.add(ends[0]);
    open.add(ends[1]);
    return ends;
  }

  /** Takes a descriptor in. */
  int add(int descriptor) throws StartFailed {
    open.add(checked(descriptor));
    return descriptor;
  }

  int checked(int result) throws StartFailed {
    if (result < 0) {
      throw StartFailed.because(-result, launch);
    }
    return result;
  }

  /** Somebody else closes it from now on. */
  int handOn(int descriptor) {
    open.remove(descriptor);
    return descriptor;
  }

  @Override
  public void close() {
    open.forEach(Native::close);
  }
}

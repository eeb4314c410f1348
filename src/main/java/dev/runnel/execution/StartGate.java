package dev.runnel.execution;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passed once: by the worker that is about to start a run's process, or by whoever has given the
 * start up. So a start that was given up starts nothing later.
 */
final class StartGate {
  private final AtomicBoolean passed = new AtomicBoolean();

  /** Whether the caller is the first. */
  boolean pass() {
    return passed.compareAndSet(false, true);
  }
}

package dev.runnel.execution;

import org.jspecify.annotations.Nullable;

/**
 * Starts processes: each in a session of its own, with no descriptor but 0, 1 and 2, default signal
 * dispositions, an empty signal mask and the service's umask.
 */
interface Launcher extends AutoCloseable {

  /**
   * The best there is on this host: native starts, or the JDK's where {@link Native#unsupported}.
   *
   * @param tree where what it starts will be ended
   * @param runAs the user scripts run as; null for the service's own
   */
  static Launcher forThisHost(ProcessTree tree, @Nullable RunAs runAs) {
    return Native.unsupported().isEmpty()
        ? new NativeLauncher(tree, runAs)
        : new ProcessBuilderLauncher(runAs);
  }

  /**
   * Starts a process; takes about a millisecond. Every child that was started must be ended once by
   * {@link ProcessTree#kill}, also one that has exited by itself: that is what ends the processes
   * it left behind.
   *
   * @throws StartFailed when there is no such process to start; nothing is left behind then
   */
  Child start(Launch launch, ChildListener listener) throws StartFailed;

  /** Gives up the launcher's own threads and descriptors; children that still run are not ended. */
  @Override
  void close();
}

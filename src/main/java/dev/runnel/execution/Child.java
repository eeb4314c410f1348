package dev.runnel.execution;

/** A started process, leader of a session of its own. Every method may be called on any thread. */
interface Child extends Tap {

  /** Which process it is; unique as long as the machine is up. */
  ProcessId id();

  /** The process number, also the number of its session. */
  default long pid() {
    return id().pid();
  }

  /** Clock ticks after boot, field 22 of {@code /proc/PID/stat}. */
  default long startTime() {
    return id().startTime();
  }

  /**
   * Whether it was seen, once it had ended, that no process of its run was left. Where that was not
   * looked at, false.
   */
  default boolean leftNothing() {
    return false;
  }

  /** Sends a signal to this one process; does nothing once it has been reaped. */
  void signal(int number);

  /**
   * Stops reading for good and closes the service's ends of the pipes; whoever still writes gets
   * SIGPIPE. {@link ChildListener#closed} follows for each stream that was open.
   */
  void closeOutput();
}

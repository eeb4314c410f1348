package dev.runnel.execution;

import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** How a run ended that we did not end: what its exit says, and the limits it had. */
final class Verdict {
  private static final int SIGXCPU = 24;
  private static final int SIGXFSZ = 25;

  /** What a shell adds to the number of the signal that ended its last command. */
  private static final int SIGNALLED = 128;

  private Verdict() {}

  /** Whether the end may be the kernel's doing because memory ran out. */
  static boolean looksKilled(ExitStatus exit) {
    return ended(exit, Native.SIGKILL);
  }

  /**
   * The outcome.
   *
   * @param breach a limit that the kernel has enforced; null for none that it told us of
   * @param outOfMemory whether the kernel has killed something at that time for want of memory
   */
  static Outcome of(
      ExitStatus exit, RunLimits limits, @Nullable Breach breach, boolean outOfMemory, int killed) {
    if (exit.code() == 0) {
      return outcome(RunStatus.SUCCEEDED, null, null, exit, killed);
    }
    if (breach != null) {
      return failed(breach.reason(), breach.message(), exit, killed);
    }
    var cpu = limits.cpu();
    var used = exit.cpu();
    if (ended(exit, SIGXCPU) || (ended(exit, Native.SIGKILL) && cpu != null)) {
      if (cpu != null && used != null && used.compareTo(cpu) >= 0) {
        var exceeded = Breach.ofCpu(cpu, used);
        return failed(exceeded.reason(), exceeded.message(), exit, killed);
      }
    }
    var signal = exit.signal();
    if (signal != null && signal == SIGXCPU) {
      return failed(Reason.CPU_LIMIT, "CPU limit exceeded (signal 24)", exit, killed);
    }
    if (outOfMemory && looksKilled(exit)) {
      return failed(
          Reason.OUT_OF_MEMORY, "Ended by the kernel: the host is out of memory", exit, killed);
    }
    var fileSize = limits.fileSizeBytes();
    if (fileSize != null && ended(exit, SIGXFSZ)) {
      var message = "File size limit of " + fileSize + " bytes exceeded (signal 25)";
      return failed(signal == null ? Reason.EXIT : Reason.SIGNAL, message, exit, killed);
    }
    return signal == null
        ? failed(Reason.EXIT, null, exit, killed)
        : failed(Reason.SIGNAL, "Ended by signal " + signal, exit, killed);
  }

  private static boolean ended(ExitStatus exit, int signal) {
    return exit.code() == SIGNALLED + signal;
  }

  private static Outcome failed(
      Reason reason, @Nullable String message, ExitStatus exit, int killed) {
    return outcome(RunStatus.FAILED, reason, message, exit, killed);
  }

  private static Outcome outcome(
      RunStatus status,
      @Nullable Reason reason,
      @Nullable String message,
      ExitStatus exit,
      int killed) {
    return new Outcome(
        status, reason, exit.code(), null, message, killed, exit.cpu(), exit.peakMemoryBytes());
  }
}

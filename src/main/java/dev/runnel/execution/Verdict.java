package dev.runnel.execution;

import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.RunStatus;
import java.time.Duration;
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
    if (cpu != null && used != null && isOfCpuLimit(exit, cpu, used)) {
      var reached = Breach.ofCpu(cpu, used);
      return failed(reached.reason(), reached.message(), exit, killed);
    }
    if (outOfMemory && looksKilled(exit)) {
      return failed(
          Reason.OUT_OF_MEMORY, "Ended by the kernel: the host is out of memory", exit, killed);
    }
    var signal = exit.signal();
    var fileSize = limits.fileSizeBytes();
    if (fileSize != null && ended(exit, SIGXFSZ)) {
      var message = "File size limit of " + fileSize + " bytes exceeded (signal 25)";
      return failed(signal == null ? Reason.EXIT : Reason.SIGNAL, message, exit, killed);
    }
    return signal == null
        ? failed(Reason.EXIT, null, exit, killed)
        : failed(Reason.SIGNAL, "Ended by signal " + signal, exit, killed);
  }

  /** The kernel sends the one signal at the limit, the other a second later. */
  private static boolean isOfCpuLimit(ExitStatus exit, Duration cpu, Duration used) {
    if (ended(exit, SIGXCPU)) {
      // On a busy host what it counts for the limit is a good deal more than what it says later.
      return used.compareTo(cpu.dividedBy(2)) >= 0;
    }
    return ended(exit, Native.SIGKILL) && used.compareTo(cpu) >= 0;
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

package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the exit of a run says about its end. */
class VerdictTest {
  private static final RunLimits LIMITED =
      new RunLimits(Duration.ofSeconds(1), null, null, null, 1L << 20);

  private static ExitStatus exit(int code, @Nullable Integer signal, int cpuMillis) {
    return new ExitStatus(code, signal, Duration.ofMillis(cpuMillis), null);
  }

  private static @Nullable Reason reason(ExitStatus exit, RunLimits limits, boolean outOfMemory) {
    return Verdict.of(exit, limits, null, outOfMemory, 0).reason();
  }

  @Test
  void a_plain_end_is_a_plain_end() {
    assertThat(reason(exit(0, null, 5_000), LIMITED, true)).isNull();
    assertThat(reason(exit(1, null, 5_000), LIMITED, true)).isEqualTo(Reason.EXIT);
    assertThat(reason(exit(137, 9, 10), LIMITED, false)).isEqualTo(Reason.SIGNAL);
    assertThat(reason(exit(137, null, 10), RunLimits.NONE, false)).isEqualTo(Reason.EXIT);
  }

  @Test
  void the_kernel_s_signal_for_processor_time_is_the_limit_s_doing() {
    assertThat(reason(exit(152, 24, 1_000), LIMITED, false)).isEqualTo(Reason.CPU_LIMIT);
    assertThat(reason(exit(152, null, 1_010), LIMITED, false))
        .as("a shell's last command")
        .isEqualTo(Reason.CPU_LIMIT);
    assertThat(reason(exit(137, 9, 2_000), LIMITED, false))
        .as("that ignored the first one")
        .isEqualTo(Reason.CPU_LIMIT);
    assertThat(reason(exit(152, 24, 840), LIMITED, false)).isEqualTo(Reason.CPU_LIMIT);
    assertThat(reason(exit(152, null, 5), LIMITED, false)).isEqualTo(Reason.EXIT);
    assertThat(reason(exit(152, 24, 5), LIMITED, false)).isEqualTo(Reason.SIGNAL);
    assertThat(Verdict.of(exit(152, 24, 1_000), LIMITED, null, false, 0).errorMessage())
        .isEqualTo("CPU limit of 1 s reached: 1 s used");
  }

  @Test
  void out_of_memory_is_told_from_a_plain_137_when_the_kernel_says_so() {
    assertThat(reason(exit(137, 9, 10), RunLimits.NONE, true)).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(reason(exit(137, null, 10), RunLimits.NONE, true)).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(reason(exit(143, 15, 10), RunLimits.NONE, true)).isEqualTo(Reason.SIGNAL);
  }

  @Test
  void what_the_kernel_counted_comes_first_unless_the_run_has_coped_with_it() {
    var breach = Breach.ofProcesses(5);
    var failed = Verdict.of(exit(254, null, 10), LIMITED, breach, false, 0);
    assertThat(failed.reason()).isEqualTo(Reason.PROCESS_LIMIT);
    assertThat(failed.errorMessage())
        .isEqualTo("Process limit of 5 exceeded: the kernel refused more");
    assertThat(Verdict.of(exit(0, null, 10), LIMITED, breach, false, 0).reason()).isNull();
  }

  @Test
  void the_size_of_a_file_is_named() {
    assertThat(Verdict.of(exit(153, 25, 10), LIMITED, null, false, 0).errorMessage())
        .isEqualTo("File size limit of 1048576 bytes exceeded (signal 25)");
  }
}

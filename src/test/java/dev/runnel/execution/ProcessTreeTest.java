package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Orphans belong to a whole JVM, so each of these classes is run in one of its own. */
class ProcessTreeTest {

  @Test
  void the_end_of_a_run_is_the_end_of_all_its_processes() throws Exception {
    assertThat(ForkedJvm.testing(EndOfRun.class))
        .endsWith(" succeeded, 0 failed\n")
        .doesNotStartWith("0");
  }

  @Test
  void starts_leave_nothing_behind_in_the_service() throws Exception {
    assertThat(ForkedJvm.testing(NothingLeaks.class))
        .endsWith(" succeeded, 0 failed\n")
        .doesNotStartWith("0");
  }
}

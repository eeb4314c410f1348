package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.Options;
import dev.runnel.script.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a definition asks for, the service's default and its maximum. */
class RunLimitsTest {

  private static RunLimits of(Limits asked, Map<String, String> settings) {
    return RunLimits.of(asked, Options.load(Path.of("unused"), null, Map.of(), settings).limit());
  }

  @Test
  void without_a_word_the_defaults_hold() {
    assertThat(of(Limits.DEFAULT, Map.of()))
        .isEqualTo(new RunLimits(null, 2L << 30, 512L, 4096L, null));
  }

  @Test
  void a_definition_may_ask_for_less_and_for_more() {
    assertThat(of(new Limits(5L, 9L << 30, 7L, 50_000L, 1L), Map.of()))
        .isEqualTo(new RunLimits(Duration.ofSeconds(5), 9L << 30, 7L, 50_000L, 1L));
    assertThat(of(new Limits(Long.MAX_VALUE, null, null, null, null), Map.of()).cpu()).isNull();
  }

  @Test
  void a_maximum_holds_for_what_was_accepted_before_it_and_for_the_defaults() {
    var most =
        Map.of(
            "limit.cpuMax", "10 s",
            "limit.memoryMax", "1 GiB",
            "limit.processesMax", "100",
            "limit.fileSizeMax", "5 MiB");
    assertThat(of(new Limits(11L, 9L << 30, 7L, null, null), most))
        .isEqualTo(new RunLimits(Duration.ofSeconds(10), 1L << 30, 7L, 4096L, 5L << 20));
    assertThat(of(Limits.DEFAULT, most))
        .isEqualTo(new RunLimits(Duration.ofSeconds(10), 1L << 30, 100L, 4096L, 5L << 20));
  }

  @Test
  void zero_is_none() {
    var none = Map.of("limit.memory", "0", "limit.processes", "0", "limit.openFiles", "0");
    assertThat(of(Limits.DEFAULT, none)).isEqualTo(RunLimits.NONE);
    assertThat(RunLimits.NONE.needCounting()).isFalse();
  }
}

package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomKillsTest {

  @Test
  void only_what_has_just_happened_counts(@TempDir Path directory) throws Exception {
    var file = directory.resolve("vmstat");
    Files.writeString(file, "pgfault 12\noom_kill 3\nthp 0\n");
    var kills = new OomKills(file.toString());
    assertThat(kills.recently()).isFalse();
    Files.writeString(file, "pgfault 13\noom_kill 4\nthp 0\n");
    assertThat(kills.recently()).isTrue();
    kills.step();
    assertThat(kills.recently()).as("a step later").isTrue();
    kills.step();
    assertThat(kills.recently()).as("two steps later").isFalse();
    Files.writeString(file, "oom_kill 5\n");
    kills.forget();
    assertThat(kills.recently()).isFalse();
  }

  @Test
  void a_kernel_that_does_not_count_says_nothing(@TempDir Path directory) {
    assertThat(new OomKills(directory.resolve("none").toString()).recently()).isFalse();
  }
}

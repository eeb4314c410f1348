package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon the jar is ready and what it holds then. The best of several starts has to hold. */
@Tag("prove")
class StartProofIT {
  @TempDir Path home;

  @Test
  void readySoonAndSmall() throws Exception {
    var times = new StartTimes(home);
    var first = times.first(3);
    var plain = times.later(5, List.of());
    var cached = times.later(5, times.aotCache());
    System.out.printf(
        "ready: first %.2f s, existing data %.2f s, with AOT cache %.2f s; idle %.0f MB + %.0f MB"
            + " database%n",
        first.best(),
        plain.best(),
        cached.best(),
        plain.residentMegabytes(),
        plain.databaseMegabytes());
    assertThat(first.best()).as("seconds, the very first time").isLessThanOrEqualTo(6);
    assertThat(plain.best()).as("seconds, existing data").isLessThanOrEqualTo(3);
    assertThat(cached.best()).as("seconds, with an AOT cache").isLessThanOrEqualTo(1.5);
    assertThat(plain.residentMegabytes()).as("idle JVM, MB").isLessThanOrEqualTo(250);
    assertThat(cached.residentMegabytes()).as("with the cache, MB").isLessThanOrEqualTo(250);
  }
}

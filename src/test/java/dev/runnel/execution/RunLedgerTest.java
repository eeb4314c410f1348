package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLedgerTest {
  private static final String BOOT = UUID.randomUUID().toString();

  @TempDir Path directory;
  private final String one = UUID.randomUUID().toString();
  private final String two = UUID.randomUUID().toString();
  private Path path;
  private RunLedger ledger;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("active");
    ledger = RunLedger.open(path);
    ledger.clear();
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  @Test
  void who_was_not_struck_out_is_found() throws IOException {
    var first = ledger.enter(one);
    ledger.enter(two).leads(new ProcessId(4_194_304, Long.MAX_VALUE), BOOT);
    first.leads(new ProcessId(7, 8), BOOT);
    first.strike();
    assertThat(RunLedger.read(path))
        .containsExactly(new Remains(two, new ProcessId(4_194_304, Long.MAX_VALUE), BOOT));
  }

  @Test
  void a_run_killed_before_its_process_was_known_is_found_by_its_mark() throws IOException {
    ledger.enter(one);
    assertThat(RunLedger.read(path)).containsExactly(Remains.markedOnly(one));
  }

  @Test
  void lines_are_used_again_and_more_are_made_when_needed() throws IOException {
    for (var i = 0; i < 3_000; i++) {
      ledger.enter(UUID.randomUUID().toString()).strike();
    }
    var size = Files.size(path);
    for (var i = 0; i < 600; i++) {
      ledger.enter(UUID.randomUUID().toString()).leads(new ProcessId(i + 1, 1), BOOT);
    }
    assertThat(RunLedger.read(path)).hasSize(600);
    assertThat(Files.size(path)).isEqualTo(600 * 128).isGreaterThan(size);
  }

  @Test
  void the_next_life_reads_what_the_former_one_wrote_until_it_clears_it() throws IOException {
    ledger.enter(one);
    try (var next = RunLedger.open(path)) {
      assertThat(RunLedger.read(path)).hasSize(1);
      next.clear();
      assertThat(RunLedger.read(path)).isEmpty();
    }
  }

  @Test
  void no_file_or_another_one_tells_nothing() throws IOException {
    assertThat(RunLedger.read(directory.resolve("none"))).isEmpty();
    var other = directory.resolve("other");
    Files.writeString(other, "x".repeat(1_000) + "\n" + one);
    assertThat(RunLedger.read(other)).isEmpty();
  }
}

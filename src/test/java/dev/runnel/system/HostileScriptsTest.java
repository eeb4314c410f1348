package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts that mean harm: each ends in a state with a name, and leaves the host as it was. They are
 * small and end by themselves, whether or not anything stops them.
 */
@ExtendWith(SharedService.class)
class HostileScriptsTest {
  private static final long MIB = 1 << 20;

  private Client client;
  private ServiceProcess service;
  private Set<String> processesBefore;
  private long bytesBefore;

  @BeforeEach
  void look(Client client, ServiceProcess service) throws IOException {
    this.client = client;
    this.service = service;
    // What it keeps for good is there after a first run.
    client.ended(
        client.run(client.create("before-" + System.nanoTime(), "bash", "true", Map.of())));
    processesBefore = processes(service.pid());
    bytesBefore = bytes(service.home());
  }

  /** The same processes, disk use within a megabyte, and a service that works. */
  @AfterEach
  void nothingIsLeft() throws IOException {
    await().untilAsserted(() -> assertThat(processes(service.pid())).isSubsetOf(processesBefore));
    await().untilAsserted(() -> assertThat(bytes(service.home())).isLessThan(bytesBefore + MIB));
    client.get("/api/health").expect(200);
    var after = client.create("after-" + System.nanoTime(), "bash", "echo works", Map.of());
    assertThat(client.ended(client.run(after)).get("outputTail").asText()).isEqualTo("works\n");
  }

  private JsonNode ended(String name, String type, String script, Map<String, ?> fields) {
    return client.ended(client.run(client.create(name, type, script, fields)));
  }

  private static void failed(JsonNode record, String reason, String message) {
    assertThat(record.get("status").asText()).as(record.toString()).isEqualTo("failed");
    assertThat(record.get("reason").asText()).as(record.toString()).isEqualTo(reason);
    assertThat(record.get("errorMessage").asText()).as(record.toString()).matches(message);
  }

  /** At most 200 processes, each of which ends after 20 s. */
  @Test
  void a_fork_bomb() {
    var record =
        ended(
            "fork-bomb",
            "bash",
            "for i in {1..200}; do sleep 20 & done; wait",
            Map.of("limits", Map.of("processes", 20)));
    failed(record, "process_limit", "Process limit of 20 exceeded: \\d+ processes and threads");
    assertThat(record.get("stderrTail").asText()).contains("Process limit of 20 exceeded");
    assertThat(record.get("killedProcesses").asInt()).isGreaterThan(20);
    assertThat(record.get("durationMs").asLong()).isLessThan(15_000);
  }

  /** Doubles six times, each in a session of its own without a mark; all end after 20 s. */
  @Test
  void a_fork_bomb_that_hides() {
    var record =
        ended(
            "hidden-fork-bomb",
            "bash",
            "export F='[ $1 -gt 0 ] && for i in 1 2; do setsid bash -c \"$F\" f $(($1-1)) &"
                + " done; sleep 20; :'; bash -c \"$F\" f 6",
            Map.of("limits", Map.of("processes", 30)));
    failed(record, "process_limit", "Process limit of 30 exceeded: .*");
  }

  /** At most 400 MB, for at most 20 s. */
  @Test
  void a_memory_hog() {
    var record =
        ended(
            "memory-hog",
            "python",
            """
            import time
            held = []
            for i in range(40):
                held.append(bytearray(b'x' * (10 << 20)))
                time.sleep(0.02)
            time.sleep(20)
            """,
            Map.of("limits", Map.of("memoryBytes", 64 * MIB)));
    failed(record, "out_of_memory", "Memory limit of 64 MiB exceeded: .*");
    assertThat(record.get("exitCode").asInt()).isEqualTo(137);
  }

  @Test
  void a_cpu_spinner() {
    var record =
        ended(
            "spinner",
            "python",
            "import time\nend = time.time() + 30\nwhile time.time() < end: pass\n",
            Map.of("limits", Map.of("cpuSeconds", 1)));
    failed(record, "cpu_limit", "CPU limit of 1 s reached: [0-4](\\.\\d)? s used");
  }

  @Test
  void a_file_descriptor_leak() {
    var record =
        ended(
            "fd-leak",
            "python",
            "held = [open('/dev/null') for i in range(10000)]",
            Map.of("limits", Map.of("openFiles", 100)));
    assertThat(record.get("status").asText()).isEqualTo("failed");
    assertThat(record.get("reason").asText()).isEqualTo("exit");
    assertThat(record.get("stderrTail").asText()).contains("Too many open files");
  }

  @Test
  void a_disk_filler(@TempDir Path directory) throws IOException {
    var file = directory.resolve("fill");
    var record =
        ended(
            "disk-filler",
            "bash",
            "exec head -c 50000000 /dev/zero > " + file,
            Map.of("limits", Map.of("fileSizeBytes", 10 * MIB)));
    failed(record, "signal", "File size limit of 10485760 bytes exceeded \\(signal 25\\)");
    assertThat(Files.size(file)).isEqualTo(10 * MIB);
  }

  @Test
  void a_hundred_thousand_tiny_lines() {
    var record = ended("tiny-lines", "bash", "yes . | head -n 100000", Map.of());
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(200_000);
  }

  @Test
  void one_long_line() {
    var record = ended("long-line", "bash", "head -c 20000000 /dev/zero | tr '\\0' x", Map.of());
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(20_000_000);
  }

  @Test
  void bytes_that_are_no_text() {
    var record =
        ended(
            "no-text",
            "bash",
            "printf 'a\\377\\376b\\0c\\303\\n'; printf '\\0\\0\\n' >&2; printf '\\360\\237'",
            Map.of());
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("outputTail").asText()).startsWith("a\ufffd\ufffdb").contains("c\ufffd");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(10);
    assertThat(record.get("stderrBytes").asLong()).isEqualTo(3);
  }

  /** Below this one, but for the database's, which come and go with its work. */
  private static Set<String> processes(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(process -> !process.info().command().orElse("").endsWith("/postgres"))
        .map(process -> process.pid() + " " + process.info().command().orElse("?"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Without the database, which keeps records and output as it should. */
  private static long bytes(Path directory) throws IOException {
    var database = directory.resolve("data/postgres");
    var sum = new AtomicLong();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            return inner.equals(database) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException meanwhile) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum.get();
  }
}

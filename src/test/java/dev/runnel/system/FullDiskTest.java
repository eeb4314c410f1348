package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file system of the data dir, database included, is full for a while. */
class FullDiskTest {
  @TempDir Path directory;
  private boolean mounted;

  /** A small file system in memory. */
  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "mounting a file system takes root");
    mounted = run("mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", directory + "") == 0;
    assumeTrue(mounted, "this root may not mount");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", directory + "")).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  void runs_end_with_a_name_and_work_again_when_there_is_room() throws Exception {
    var options = Map.of("SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startWithOwner(directory, options)) {
      var client = service.client();
      var script = client.create("works", "bash", "echo works", Map.of());
      var writer =
          client.create(
              "writer",
              "bash",
              "head -c 1000000 /dev/zero > file || exit 7",
              Map.of("defaultWorkingDirectory", directory.resolve("functions").toString()));
      assertThat(client.ended(client.run(script)).get("status").asText()).isEqualTo("succeeded");
      fill();

      var accepted = new ArrayList<String>();
      for (int i = 0; i < 3; i++) {
        var reply = client.post("/api/admin/scripts/" + writer + "/run");
        assertThat(reply.status()).as(reply.response().body()).isIn(200, 503);
        if (reply.status() == 200) {
          accepted.add(reply.at("/runId").asText());
        }
        assertThat(client.get("/api/health").status()).isIn(200, 503);
        client.get("/api/health/live").expect(200);
      }

      Files.delete(directory.resolve("fill"));
      for (var run : accepted) {
        var record = client.ended(run);
        assertThat(record.get("status").asText()).as(record.toString()).isEqualTo("failed");
        assertThat(record.get("reason").asText()).isIn("exit", "could_not_start");
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> client.get("/api/health").status() == 200);
      assertThat(client.ended(client.run(script)).get("outputTail").asText()).isEqualTo("works\n");
    }
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("fill"))) {
      var zeros = new byte[4096];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }
}

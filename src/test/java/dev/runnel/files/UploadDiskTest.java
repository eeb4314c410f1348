package dev.runnel.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.Options;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads to a disk that is full, and to one that is mounted below {@code EXECUTE_PATH}. */
class UploadDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir Path home;
  private final Vertx vertx = Vertx.vertx();
  private boolean mounted;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Path disk;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Uploads uploads;

  /** Two megabytes in memory. */
  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "mounting a file system takes root");
    disk = Files.createDirectory(home.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk + "") == 0;
    assumeTrue(mounted, "this root may not mount");
    uploads = Uploads.open(vertx, options(disk), "node", () -> {});
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", disk + "")).isZero();
    }
    vertx.close().await();
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private Options options(Path root) {
    return Options.load(home, null, Map.of(), Map.of("execution.path", root.toString()));
  }

  private static Path store(Uploads uploads, String path, int bytes) throws IOException {
    try (var upload = uploads.begin()) {
      upload.write(new byte[bytes], 0, bytes);
      return upload.storeAs(UploadPath.of(path));
    }
  }

  @Test
  void aFullDiskKeepsTheOldFileAndNothingElse() throws Exception {
    store(uploads, "file", 1000);
    assertThatThrownBy(() -> store(uploads, "file", 3 * MIB))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    assertThat(disk.resolve("file")).hasSize(1000);
    try (var left = Files.list(disk)) {
      assertThat(left).hasSize(1);
    }
    assertThat(store(uploads, "file", MIB)).hasSize(MIB);
  }

  @Test
  void aMountedDiskTakesFilesToo() throws Exception {
    var above = Uploads.open(vertx, options(home), "node", () -> {});
    assertThat(store(above, "disk/x", MIB)).hasSize(MIB).isExecutable();
    assertThatThrownBy(() -> store(above, "disk/y", 3 * MIB / 2))
        .hasMessageContaining("No space left");
    assertThatThrownBy(() -> store(above, "disk/new/y", 1)).isInstanceOf(CannotPrepare.class);
    try (var left = Files.list(disk)) {
      assertThat(left).hasSize(1);
    }
    try (var left = Files.list(home)) {
      assertThat(left).containsExactly(disk);
    }
  }
}

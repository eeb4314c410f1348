package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Half a gigabyte to the service as it is run for real. */
@Tag("prove")
class BigUploadProof {
  private static final long BYTES = Long.getLong("upload.bytes", 500_000_000);

  private static final Map<String, String> OPTIONS = Map.of("SCRIPTS_BASH_LOGIN", "off");

  @TempDir Path home;

  @Test
  void halfAGigabyteCostsNoMemory() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, OPTIONS)) {
      // Compiled code and the buffers of its threads are there afterwards.
      BigUpload.send(service, "first", 20_000_000);
      var start = System.nanoTime();
      var grown = BigUpload.send(service, "big", BYTES);
      System.out.printf(
          "Upload of %d MB: %.1f s, resident memory +%.0f MB%n",
          BYTES / 1_000_000, (System.nanoTime() - start) / 1e9, grown / 1e6);
      assertThat(BigUpload.isWhole(home.resolve("functions/big"), BYTES)).isTrue();
      assertThat(grown).isLessThan(50L << 20);
    }
  }
}

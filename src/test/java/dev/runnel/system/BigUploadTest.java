package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An upload over the limit of all other bodies. */
@ExtendWith(SharedService.class)
class BigUploadTest {
  private static final long BYTES = 64 << 20;

  @Test
  void itIsStoredWhole(ServiceProcess service) throws Exception {
    BigUpload.send(service, "big/file", BYTES);
    assertThat(BigUpload.isWhole(service.home().resolve("functions/big/file"), BYTES)).isTrue();
    assertThat(service.output()).doesNotContain("OutOfMemory", "has been blocked");
  }
}

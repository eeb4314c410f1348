package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the service says about the limits of this host. */
@ExtendWith(SharedService.class)
class LimitReportTest {

  @Test
  void health_tells_superusers_which_limits_hold(Client client) {
    var limits =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> client.get("/api/health").expect(200).at("/data/limits"),
                found -> found.at("/memoryBytes/enforced").asBoolean());
    assertThat(limits.fieldNames())
        .toIterable()
        .containsExactly(
            "timeoutMs", "cpuSeconds", "memoryBytes", "processes", "openFiles", "fileSizeBytes");
    assertThat(limits.at("/memoryBytes/default").asLong()).isEqualTo(2L << 30);
    assertThat(limits.at("/memoryBytes/max").isNull()).isTrue();
    assertThat(limits.at("/processes/default").asLong()).isEqualTo(512);
    assertThat(limits.at("/processes/enforced").asBoolean()).isTrue();
    assertThat(limits.at("/cpuSeconds/enforced").asBoolean()).isTrue();
    assertThat(limits.at("/cpuSeconds/default").isNull()).isTrue();
    assertThat(limits.at("/timeoutMs/max").asLong()).isEqualTo(86_400_000);
    for (JsonNode limit : limits) {
      assertThat(limit.fieldNames())
          .toIterable()
          .containsExactly("enforced", "how", "default", "max", "unit");
      assertThat(limit.get("how").asText()).isNotBlank().doesNotContain("not proved yet");
    }
  }

  @Test
  void the_doctor_tries_every_limit_and_the_end_of_a_run(@TempDir Path home) throws Exception {
    var doctor =
        ServiceProcess.launch(
            home, Map.of("RUNNEL_DATABASE_URL", "postgresql://x@127.0.0.1:1/x"), List.of("doctor"));
    var said = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    doctor.waitFor();
    assertThat(said)
        .containsPattern("good +process end +the service is the parent .* was ended\\)")
        .containsPattern("good +limit memoryBytes by .*; default 2147483648, maximum none bytes")
        .containsPattern("good +limit processes by .*; default 512")
        .containsPattern("limit openFiles .*default 4096")
        .containsPattern("limit fileSizeBytes ");
  }
}

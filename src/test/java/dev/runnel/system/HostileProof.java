package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The floods of {@link HostileScriptsTest} at full size. */
@Tag("prove")
@ExtendWith(SharedService.class)
class HostileProof {

  @Test
  void one_line_of_a_hundred_megabytes(Client client, ServiceProcess service) throws Exception {
    client.ended(client.run(client.create("warm", "bash", "yes | head -c 30000000", Map.of())));
    long before = service.residentBytes();
    var text = "head -c 100000000 /dev/zero | tr '\\0' x";
    var record = client.ended(client.run(client.create("longest-line", "bash", text, Map.of())));
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(100_000_000);
    assertThat(record.get("logTruncated").asBoolean()).isTrue();
    assertThat(service.residentBytes() - before).isLessThan(150 << 20);
  }

  @Test
  void a_hundred_thousand_lines_a_second_for_ten_seconds(Client client) {
    var text =
        """
        import sys, time
        start = time.time()
        for i in range(100):
            sys.stdout.write('.\\n' * 10000)
            sys.stdout.flush()
            time.sleep(max(0, start + (i + 1) / 10 - time.time()))
        """;
    var record = client.ended(client.run(client.create("lines", "python", text, Map.of())));
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(2_000_000);
    assertThat(record.get("lineCount").asLong()).isEqualTo(1_000_000);
    assertThat(record.get("durationMs").asLong()).isLessThan(15_000);
    client.get("/api/health").expect(200);
  }
}

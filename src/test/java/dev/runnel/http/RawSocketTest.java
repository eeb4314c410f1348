package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.run.RunStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSocket clients that are no good ones, byte by byte. */
class RawSocketTest {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int FINAL = 0x80;

  private MemoryBackend backend;
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    backend = new MemoryBackend();
    // A ping each 200 ms; nobody is waited for longer than a second.
    service =
        new TestService(
            backend, TestService.options(Duration.ofMillis(200), Duration.ofSeconds(1), 32 << 20));
    script("echo.sh", "echo $1");
    script("slow.sh", "sleep 30");
    script("huge.sh", "head -c 25000000 /dev/zero | tr '\\\\0' x");
  }

  @AfterEach
  void stop() {
    backend.runs.values().stream()
        .filter(run -> !run.status().isTerminal())
        .forEach(run -> service.cancelled(run.id));
    service.close();
  }

  private void script(String name, String content) throws Exception {
    var body = "{\"name\":\"" + name + "\",\"content\":\"" + content + "\"}";
    var headers =
        Map.of("Authorization", service.superuserToken, "Content-Type", "application/json");
    var answer =
        service.send("POST", "/api/scripts", headers, body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(201);
  }

  private String request(String path, String headers) {
    return "GET /api/scripts/"
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Authorization: "
        + service.superuserToken
        + "\r\n"
        + headers
        + "\r\n";
  }

  /** One masked frame; the mask is nothing, so the bytes are as they are. */
  private static byte[] frame(int first, byte[] payload) {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift) & 0xFF);
      }
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static byte[] frame(int first, String payload) {
    return frame(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  private record Frame(int opcode, byte[] payload) {
    int closeStatus() {
      return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }
  }

  private static Frame next(RawConnection connection) throws IOException {
    var head = connection.bytes(2);
    int length = head[1] & 0x7F;
    if (length >= 126) {
      var more = connection.bytes(length == 126 ? 2 : 8);
      length = 0;
      for (var b : more) {
        length = length << 8 | (b & 0xFF);
      }
    }
    return new Frame(head[0] & 0x0F, connection.bytes(length));
  }

  private static Frame nextButPings(RawConnection connection) throws IOException {
    var frame = next(connection);
    while (frame.opcode() == PING) {
      frame = next(connection);
    }
    return frame;
  }

  private RawConnection open(String path, String headers) throws IOException {
    var connection = new RawConnection(service.port()).say(request(path, headers));
    var head = connection.head();
    assertThat(head.status()).isEqualTo(101);
    assertThat(head.headers().get("X-Request-Id")).isNotBlank();
    return connection;
  }

  @Test
  void whoSaysNothingIsPingedAndThenHungUpOn() throws Exception {
    try (var connection = open("echo.sh/execute/ws", "")) {
      assertThat(next(connection).opcode()).isEqualTo(PING);
      var end = nextButPings(connection);
      assertThat(end.opcode()).isEqualTo(CLOSE);
      assertThat(end.closeStatus()).isEqualTo(1008);
      // It does not answer the close either.
      assertThat(connection.isClosedByService()).isTrue();
    }
  }

  @Test
  void aFrameOverTheLimitEndsIt() throws Exception {
    try (var connection = open("echo.sh/execute/ws", "")) {
      connection.say(frame(FINAL | TEXT, new byte[(4 << 20) + 1]));
      assertThat(nextButPings(connection).closeStatus()).isEqualTo(1009);
    }
  }

  @Test
  void whoVanishesCancelsOnlyIfItSaidSo() throws Exception {
    var stays = open("slow.sh/execute/ws?args=1", "");
    var cancels = open("slow.sh/execute/ws?args=2", "Prefer: handling=cancel\r\n");
    await().until(() -> backend.runs.values().stream().filter(r -> r.process != null).count() == 2);
    stays.close();
    cancels.close();
    await().until(() -> backend.runWith("2").status().isTerminal());
    assertThat(backend.runWith("2").status()).isEqualTo(RunStatus.CANCELED);
    assertThat(backend.runWith("1").status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void whoTakesNothingIsCutOff() throws Exception {
    try (var connection = open("huge.sh/execute/ws?args=1", "")) {
      await()
          .until(() -> backend.runs.values().stream().allMatch(run -> run.status().isTerminal()));
      // More than two sockets hold, and nobody reads: the service gives up.
      await()
          .atMost(Duration.ofSeconds(8))
          .until(() -> {
            try {
              connection.say(frame(FINAL | PING, "x"));
              return false;
            } catch (IOException closed) {
              return true;
            }
          });
    }
  }

  @Test
  void aServiceThatStopsSaysSo() throws Exception {
    try (var connection = open("echo.sh/execute/ws", "")) {
      var undeployed = service.vertx.undeploy(service.deployment);
      assertThat(nextButPings(connection).closeStatus()).isEqualTo(1001);
      connection.say(frame(FINAL | CLOSE, new byte[] {3, (byte) 0xE9}));
      TestService.await(undeployed);
    }
  }
}

package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input gets the door's own error: never a 500, never a stack trace. */
@ExtendWith(SharedService.class)
class HostileInputTest {

  @ParameterizedTest(name = "{0} {1} {2} is {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/scripts/no-such-script                 |               | 404
          POST   | /api/scripts/no-such-script/execute         |               | 404
          POST   | /api/scripts                                | {             | 400
          POST   | /api/scripts                                |               | 400
          POST   | /api/scripts                                | []            | 400
          POST   | /api/scripts                                | {"name":7}    | 400
          POST   | /api/scripts                                | {"name":"../x","content":"1"} | 400
          PUT    | /api/scripts                                | {}            | 404
          GET    | /api/scripts/async/not-an-id                |               | 404
          GET    | /api/no/such/route                          |               | 404
          GET    | /api/scripts/%00                            |               | 404,400
          GET    | /api/scripts/%ff                            |               | 404,400
          GET    | /api/admin/scripts/not-an-id                |               | 404
          POST   | /api/admin/scripts/not-an-id/run            |               | 404
          POST   | /api/admin/scripts                          | {             | 400
          POST   | /api/admin/scripts                          |               | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"a","type":"ruby","script":"x"} | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"!!!","type":"bash","script":"x"} | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"runs","type":"bash","script":"x"} | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"a1","type":"bash","script":"x","timeoutMs":-1} | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"a2","type":"bash","script":"x","schedule":{"enabled":true,"cron":"* * * * *"}} | 400
          POST   | /api/admin/scripts                          | {"name":"a","codeIdentifier":"a3","type":"bash","script":"a\\u0000b"} | 400
          PATCH  | /api/admin/scripts                          | {}            | 405,404
          GET    | /api/admin/scripts/runs/not-an-id           |               | 404
          GET    | /api/admin/scripts/runs/not-an-id/stream    |               | 404
          POST   | /api/admin/scripts/runs/not-an-id/cancel    |               | 404
          """)
  void badInputIsTheCallersError(
      String method, String path, String body, String allowed, Client client) {
    var reply = client.send(method, path, body, Map.of());
    assertThat(allowed.split(",")).as(reply.response().body()).contains("" + reply.status());
    assertThat(reply.response().body()).doesNotContain("Exception", "\tat ", "java.");
    assertThat(reply.body().isObject()).as(reply.response().body()).isTrue();
  }

  @Test
  void aBodyOverTheLimitIsRefused(Client client) {
    var large = "{\"name\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}";
    client.send("POST", "/api/admin/scripts", large, Map.of()).expect(413);
    var larger = "{\"name\":\"" + "x".repeat(33 * 1024 * 1024) + "\"}";
    client.send("POST", "/api/scripts", larger, Map.of()).expect(413);
  }

  @Test
  void badCredentialsAreNobody(Client client) {
    for (var bad : new String[] {"nonsense", "Bearer x.y.z", "Basic !!!", "Basic bm9ib2R5Og=="}) {
      var headers = Map.of("Authorization", bad);
      assertThat(client.send("GET", "/api/scripts", null, headers).status()).isEqualTo(401);
      assertThat(client.send("GET", "/api/admin/scripts", null, headers).status()).isEqualTo(401);
    }
  }

  @Test
  void aMissingWorkingDirectoryAndAMissingInterpreterAreSaidInTheRecord(Client client) {
    var lost =
        client.create(
            "no-directory", "bash", "pwd", Map.of("defaultWorkingDirectory", "/no/such/dir"));
    var record = client.ended(client.run(lost));
    assertThat(record.get("status").asText()).isEqualTo("failed");
    assertThat(record.get("reason").asText()).isEqualTo("could_not_start");
    assertThat(record.get("exitCode").asInt()).isEqualTo(1);
    assertThat(record.get("errorMessage").asText())
        .isEqualTo("Working directory not found: /no/such/dir");
    assertThat(record.get("stderrTail").asText())
        .isEqualTo("Working directory not found: /no/such/dir\n");
  }

  @Test
  void whatAScriptPrintsIsNeverTheServicesTrouble(Client client) {
    var script =
        client.create(
            "binary",
            "bash",
            "head -c 300000 /dev/urandom; printf '\\0\\377\\n'; head -c 200000 /dev/zero >&2",
            Map.of());
    var record = client.ended(client.run(script));
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(300_003);
    assertThat(record.get("stderrBytes").asLong()).isEqualTo(200_000);
  }
}

package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Every route as every caller, asking for something that does not exist: who may not use a route
 * never learns whether there is something. A route that is missing here fails the test.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RoleTableTest {
  /** Status for guest, user, superuser. */
  private static final Map<String, List<Integer>> TABLE = new TreeMap<>();

  static {
    TABLE.put("GET /openapi.json", List.of(200, 200, 200));
    TABLE.put("GET /api/health", List.of(200, 200, 200));
    TABLE.put("GET /api/health/live", List.of(200, 200, 200));
    TABLE.put("POST /api/collections/:collection/auth-with-password", List.of(404, 404, 404));
    TABLE.put("POST /api/collections/:collection/auth-refresh", List.of(401, 404, 404));
    TABLE.put("GET /api/collections/:collection/auth-methods", List.of(404, 404, 404));
    TABLE.put("POST /api/collections/:collection/impersonate/:id", List.of(401, 403, 404));
    TABLE.put("POST /api/collections/:collection/records", List.of(404, 404, 404));
    TABLE.put("GET /api/collections/:collection/records", List.of(404, 404, 404));
    TABLE.put("GET /api/collections/:collection/records/:id", List.of(404, 404, 404));
    TABLE.put("PATCH /api/collections/:collection/records/:id", List.of(404, 404, 404));
    TABLE.put("DELETE /api/collections/:collection/records/:id", List.of(404, 404, 404));
    TABLE.put("POST /api/scripts", List.of(401, 403, 400));
    TABLE.put("GET /api/scripts", List.of(401, 403, 200));
    TABLE.put("GET /api/scripts/:name", List.of(401, 403, 404));
    TABLE.put("PATCH /api/scripts/:name", List.of(401, 403, 400));
    TABLE.put("DELETE /api/scripts/:name", List.of(401, 403, 404));
    TABLE.put("POST /api/scripts/upload", List.of(401, 403, 400));
    TABLE.put("POST /api/scripts/:name/execute", List.of(401, 403, 404));
    TABLE.put("POST /api/scripts/async/:name/execute", List.of(401, 403, 404));
    TABLE.put("GET /api/scripts/:name/execute/sse", List.of(401, 403, 404));
    TABLE.put("GET /api/scripts/:name/execute/ws", List.of(401, 403, 404));
    TABLE.put("GET /api/script-permissions", List.of(401, 403, 200));
    TABLE.put("POST /api/script-permissions", List.of(401, 403, 400));
    TABLE.put("GET /api/script-permissions/:name", List.of(401, 403, 404));
    TABLE.put("PATCH /api/script-permissions/:name", List.of(401, 403, 400));
    TABLE.put("DELETE /api/script-permissions/:name", List.of(401, 403, 404));
    TABLE.put("GET /api/scripts/async/:id", List.of(404, 404, 404));
    TABLE.put("POST /api/scripts/command", List.of(401, 403, 400));
    TABLE.put("GET /api/scripts/command/:id", List.of(401, 403, 404));
    TABLE.put("GET /api/scripts/command/status/:id", List.of(401, 403, 404));
    TABLE.put("POST /api/scripts/command/status", List.of(401, 403, 400));
    TABLE.put("POST /api/scripts/wasm", List.of(400, 400, 400));
    TABLE.put("POST /api/scripts/wasm/async", List.of(400, 400, 400));
    TABLE.put("GET /api/scripts/wasm/async/:id", List.of(404, 404, 404));
    TABLE.put("GET /api/admin/scripts", List.of(401, 403, 200));
    TABLE.put("POST /api/admin/scripts", List.of(401, 403, 400));
    TABLE.put("GET /api/admin/scripts/:id", List.of(401, 403, 404));
    TABLE.put("PUT /api/admin/scripts/:id", List.of(401, 403, 404));
    TABLE.put("DELETE /api/admin/scripts/:id", List.of(401, 403, 404));
    TABLE.put("POST /api/admin/scripts/:id/run", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs", List.of(401, 403, 200));
    TABLE.put("GET /api/admin/scripts/runs/:runId", List.of(401, 403, 404));
    TABLE.put("POST /api/admin/scripts/runs/:runId/cancel", List.of(401, 403, 404));
    TABLE.put("POST /api/admin/scripts/runs/:runId/rerun", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs/:runId/stream", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs/:runId/full-output", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs/:runId/programmatic-output", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs/:runId/download", List.of(401, 403, 404));
    TABLE.put("GET /api/admin/scripts/runs/:runId/search", List.of(401, 403, 400));
  }

  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void everyRouteIsInTheTable() {
    var lines =
        service.dialects.stream()
            .flatMap(dialect -> dialect.routes().all().stream())
            .map(Route::line);
    assertThat(lines).containsExactlyInAnyOrderElementsOf(TABLE.keySet());
  }

  @TestFactory
  Stream<DynamicTest> everyRouteAsEveryCaller() {
    return TABLE.entrySet().stream()
        .flatMap(row ->
            Stream.of(
                test(row.getKey(), "guest", "", row.getValue().get(0)),
                test(row.getKey(), "bad token", "x.y.z", row.getValue().get(0)),
                test(row.getKey(), "user", service.userToken, row.getValue().get(1)),
                test(row.getKey(), "superuser", service.superuserToken, row.getValue().get(2))));
  }

  private DynamicTest test(String line, String who, String token, int status) {
    return DynamicTest.dynamicTest(
        line + " as " + who,
        () -> {
          var space = line.indexOf(' ');
          var path = line.substring(space + 1).replaceAll(":[a-zA-Z]+", "no-such");
          var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
          if (!token.isEmpty()) {
            headers.put("Authorization", token);
          }
          var method = line.substring(0, space);
          var answer = service.send(method, path, headers, "{}".getBytes(StandardCharsets.UTF_8));
          assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        });
  }
}

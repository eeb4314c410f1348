package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.account.Role;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of answers can tell a wrong one. */
class ContractTest {
  private static final Handler NOTHING = _ -> Future.succeededFuture(Answer.nothing());
  private static final String SCRIPT =
      "{\"id\":\"0198c0de-0000-7000-8000-000000000001\",\"name\":\"a\",\"content\":\"b\","
          + "\"version\":1,\"created\":\"2026-01-02 03:04:05.678Z\","
          + "\"updated\":\"2026-01-02 03:04:05.678Z\"}";
  private static final String ERROR = "{\"data\":{},\"message\":\"No.\",\"status\":404}";

  private final Contract contract =
      new Contract(
          List.of(
              door(
                  "/",
                  new Routes()
                      .get("/api/scripts/:name", Role.SUPERUSER, NOTHING)
                      .delete("/api/scripts/:name", Role.SUPERUSER, NOTHING)
                      .get("/api/undescribed", Role.GUEST, NOTHING)
                      .post("/api/scripts/:name/execute", Role.GUEST, NOTHING)),
              door("/a", new Routes().get("/a", Role.GUEST, NOTHING))));

  private static Dialect door(String prefix, Routes routes) {
    return new Dialect(prefix, routes, 1, Map.of(), RouteTableTest.NO_WORDS);
  }

  private static Reply reply(int status, String body, String... headers) {
    var all = MultiMap.caseInsensitiveMultiMap().add("X-Request-Id", "r");
    if (!body.isEmpty()) {
      all.add("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.set(headers[i], headers[i + 1]);
    }
    return new Reply(status, all, Buffer.buffer(body));
  }

  private void passes(String method, String target, Reply reply) {
    assertThatCode(() -> contract.check(method, target, reply)).doesNotThrowAnyException();
  }

  private void fails(String method, String target, Reply reply, String why) {
    assertThatThrownBy(() -> contract.check(method, target, reply))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(why);
  }

  @Test
  void anAnswerAsDescribedPasses() {
    passes("GET", "/api/scripts/a", reply(200, SCRIPT));
    passes("HEAD", "/api/scripts/a", reply(200, "", "Content-Type", "application/json"));
    passes("GET", "/api/scripts/a?fields=id", reply(200, "{\"id\":1}"));
    passes("GET", "/api/scripts/a", reply(404, ERROR));
    passes("DELETE", "/api/scripts/a", reply(204, ""));
    passes("GET", "/nowhere", reply(404, ERROR));
    passes("GET", "/a", reply(418, "{}"));
  }

  @Test
  void aRouteThatIsNotDescribedIsNoticed() {
    fails("GET", "/api/undescribed", reply(200, "{}"), "GET /api/undescribed");
  }

  @Test
  void aStatusThatIsNotDeclaredIsNoticed() {
    fails("GET", "/api/scripts/a", reply(409, ERROR), "409 is declared");
    fails("DELETE", "/api/scripts/a", reply(200, SCRIPT), "200 is declared");
  }

  @Test
  void anotherBodyIsNoticed() {
    fails("GET", "/api/scripts/a", reply(200, "{}"), "required");
    fails("GET", "/api/scripts/a", reply(200, SCRIPT.replace("1,", "\"1\",")), "version");
    fails("GET", "/api/scripts/a", reply(200, SCRIPT.replace("2026-", "26-")), "created");
    fails("GET", "/api/scripts/a", reply(200, SCRIPT.replace("0198c0de", "x")), "uuid");
    fails("GET", "/api/scripts/a", reply(200, SCRIPT.replace("{", "{\"new\":1,")), "new");
    fails("GET", "/api/scripts/a?fields=id", reply(404, "{}"), "required");
    fails("DELETE", "/api/scripts/a", reply(204, "{}"), "has no body");
    fails("GET", "/nowhere", reply(404, "{}"), "required");
  }

  @Test
  void anotherContentTypeIsNoticed() {
    fails("GET", "/api/scripts/a", reply(200, SCRIPT, "Content-Type", "text/html"), "text/html");
  }

  @Test
  void headersThatAreMissingOrNotDeclaredAreNoticed() {
    fails("GET", "/api/scripts/a", reply(503, ERROR.replace("404", "503")), "Retry-After");
    fails("GET", "/api/scripts/a", reply(200, SCRIPT, "X-Run-Id", "x"), "X-Run-Id");
    fails(
        "GET",
        "/api/scripts/a",
        reply(503, ERROR.replace("404", "503"), "Retry-After", "soon"),
        "Retry-After");
  }

  @Test
  void aFailedRunIsNoOtherError() {
    var failed = "{\"data\":{\"output\":\"x\"},\"message\":\"Failed.\",\"status\":500}";
    passes("POST", "/api/scripts/a/execute", reply(500, failed));
    passes("POST", "/api/scripts/a/execute", reply(500, ERROR.replace("404", "500")));
    fails("POST", "/api/scripts/a/execute", reply(500, failed.replace("output", "o")), "data");
    fails("GET", "/api/scripts/a", reply(500, failed), "data");
  }
}

package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Who may execute: every permission × caller × way to execute, each with its message. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RightTable {
  private static final String A =
      "The request requires superuser or allowed user authorization token.";
  private static final String B = "The request requires valid record authorization token.";
  private static final String C = "The request requires superuser authorization token.";
  private static final String NO = "You are not allowed to execute this script.";
  private static final String MISSING = "Script not found.";

  /** What the guest, the user and the superuser get; no text: it runs. */
  private record Expected(int guest, String guestText, int user, String userText, int superuser) {}

  private static final Map<String, Expected> THERE =
      Map.of(
          "none", new Expected(401, A, 403, NO, 200),
          "anonymous", new Expected(200, "", 200, "", 200),
          "user", new Expected(401, B, 200, "", 200),
          "superuser", new Expected(401, C, 403, NO, 200));

  private static final Map<String, Expected> GONE =
      Map.of(
          "none", new Expected(401, A, 403, NO, 404),
          "anonymous", new Expected(404, MISSING, 404, MISSING, 404),
          "user", new Expected(401, B, 404, MISSING, 404),
          "superuser", new Expected(401, C, 403, NO, 404));

  private static final List<String> VARIANTS = List.of("execute", "async", "sse", "ws");

  TestService service;

  abstract Backend backend();

  @BeforeAll
  void start() throws Exception {
    service = new TestService(backend());
    for (var row : THERE.keySet()) {
      create(row + ".py", "");
      permit(row + ".py", row);
      permit(row + "-missing", row);
    }
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private void create(String name, String text) throws Exception {
    var body = "{\"name\":\"" + name + "\",\"content\":\"print('ran')" + text + "\"}";
    assertThat(superuser("POST", "/api/scripts", body).status()).isEqualTo(201);
  }

  private void permit(String name, String audience) throws Exception {
    if (!audience.equals("none")) {
      var body = "{\"script_name\":\"" + name + "\",\"content\":\"" + audience + "\"}";
      assertThat(superuser("POST", "/api/script-permissions", body).status()).isBetween(200, 201);
    }
  }

  @TestFactory
  Stream<DynamicTest> theTable() {
    return THERE.keySet().stream()
        .flatMap(row ->
            VARIANTS.stream()
                .flatMap(variant ->
                    Stream.of(
                            callers(row + ".py", variant, THERE.get(row)),
                            // The fallback: the permission is that of the script that is found.
                            callers(row, variant, THERE.get(row)),
                            callers(row + "-missing", variant, GONE.get(row)))
                        .flatMap(rows -> rows)));
  }

  private Stream<DynamicTest> callers(String name, String variant, Expected expected) {
    return Stream.of(
        test(name, variant, "guest", null, expected.guest(), expected.guestText()),
        test(name, variant, "user", service.userToken, expected.user(), expected.userText()),
        test(
            name,
            variant,
            "superuser",
            service.superuserToken,
            expected.superuser(),
            expected.superuser() == 404 ? MISSING : ""));
  }

  private DynamicTest test(
      String name, String variant, String who, @Nullable String token, int status, String text) {
    return DynamicTest.dynamicTest(
        who + " " + variant + " " + name + " → " + status,
        () -> {
          var answer = execute(name, variant, token);
          assertThat(answer.status()).as(answer.body()).isEqualTo(admitted(variant, status));
          assertThat(answer.body()).contains(text);
          if (status > 200) {
            assertThat(answer.body())
                .isEqualTo("{\"data\":{},\"message\":\"" + text + "\",\"status\":" + status + "}");
          }
        });
  }

  private static int admitted(String variant, int status) {
    return switch (variant) {
      case "async" -> status == 200 ? 202 : status;
      // Without an upgrade: whoever gets as far as that may execute.
      case "ws" -> status == 200 ? 426 : status;
      default -> status;
    };
  }

  @Test
  void aChangeOfTheRightHoldsForTheNextRequest() throws Exception {
    create("turns.py", "");
    for (var round = 0; round < 5; round++) {
      permit("turns.py", "anonymous");
      assertThat(execute("turns.py", "execute", null).status()).isEqualTo(200);
      permit("turns.py", "user");
      assertThat(execute("turns.py", "execute", null).status()).isEqualTo(401);
      assertThat(execute("turns.py", "execute", service.userToken).status()).isEqualTo(200);
      superuser("DELETE", "/api/script-permissions/turns.py", "");
      assertThat(execute("turns.py", "execute", service.userToken).status()).isEqualTo(403);
    }
  }

  @Test
  void aScriptThatComesBackHasNoPermission() throws Exception {
    create("phoenix.py", "");
    permit("phoenix.py", "anonymous");
    assertThat(execute("phoenix.py", "sse", null).status()).isEqualTo(200);
    assertThat(superuser("DELETE", "/api/scripts/phoenix.py", "").status()).isEqualTo(204);
    create("phoenix.py", "");
    assertThat(execute("phoenix.py", "sse", null).status()).isEqualTo(401);
    assertThat(execute("phoenix.py", "ws", service.userToken).status()).isEqualTo(403);
  }

  /** Of the script that is run, not of the name that was asked for. */
  @Test
  void thePermissionOfAnotherNameOpensNothing() throws Exception {
    create("shut.py", "");
    permit("shut", "anonymous");
    assertThat(execute("shut", "execute", null).status()).isEqualTo(401);
  }

  final Reply execute(String name, String variant, @Nullable String token) throws Exception {
    var path =
        variant.equals("async")
            ? "/api/scripts/async/" + name + "/execute"
            : "/api/scripts/"
                + name
                + "/execute"
                + (variant.equals("execute") ? "" : "/" + variant);
    var method = variant.equals("sse") || variant.equals("ws") ? "GET" : "POST";
    return send(method, path, token, "");
  }

  private Reply superuser(String method, String path, String body) throws Exception {
    return send(method, path, service.superuserToken, body);
  }

  private Reply send(String method, String path, @Nullable String token, String body)
      throws Exception {
    var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    if (token != null) {
      headers.put("Authorization", token);
    }
    return service.send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }
}

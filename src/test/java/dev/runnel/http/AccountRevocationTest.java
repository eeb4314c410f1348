package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.account.Collection;
import dev.runnel.bus.Accounts;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change of an account means for its tokens, and for others who change at the same time. */
class AccountRevocationTest {
  private static final String USERS = "/api/collections/users/records";
  private static final String SUPERUSERS = "/api/collections/_superusers/records";

  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Reply send(String method, String path, String token, Map<String, Object> body)
      throws Exception {
    var headers = Map.of("Authorization", token, "Content-Type", "application/json");
    var bytes = body.isEmpty() ? "" : new JsonObject(body).encode();
    return service.send(method, path, headers, bytes.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> password(String next) {
    return Map.of("password", next, "passwordConfirm", next, "oldPassword", TestService.PASSWORD);
  }

  private static Map<String, Object> entry(String email) {
    return Map.of("email", email, "password", "long enough", "passwordConfirm", "long enough");
  }

  /** Each at the same time as the others. */
  private static List<Reply> together(List<Callable<Reply>> requests) throws Exception {
    var replies = new ArrayList<Reply>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> reply : threads.invokeAll(requests)) {
        replies.add(reply.get());
      }
    }
    return replies;
  }

  @Test
  void aNewPasswordEndsEveryTokenWithTheNextRequest() throws Exception {
    var own = USERS + "/" + service.userId;
    var refreshed =
        send("POST", "/api/collections/users/auth-refresh", service.userToken, Map.of());
    var second = new JsonObject(refreshed.body()).getString("token");
    assertThat(send("GET", own, second, Map.of()).status()).isEqualTo(200);

    assertThat(send("PATCH", own, second, password("another one")).status()).isEqualTo(200);

    assertThat(send("GET", own, service.userToken, Map.of()).status()).isEqualTo(404);
    assertThat(send("GET", own, second, Map.of()).status()).isEqualTo(404);
    var refused = send("POST", "/api/collections/users/auth-refresh", second, Map.of());
    assertThat(refused.status()).isEqualTo(401);
  }

  @Test
  void aSuperuserEndsAUsersTokensByPasswordEmailAndDeletion() throws Exception {
    var own = USERS + "/" + service.userId;
    for (var change :
        List.<Map<String, Object>>of(
            password("another one"), Map.of("email", "elsewhere@example.com"))) {
      var account =
          TestService.await(Accounts.over(service.bus).find(Collection.USERS, service.userId))
              .orElseThrow();
      var token = service.access.tokenFor(account);
      assertThat(send("PATCH", own, token, Map.of("name", "x")).status()).isEqualTo(200);
      assertThat(send("PATCH", own, service.superuserToken, change).status()).isEqualTo(200);
      assertThat(send("GET", own, token, Map.of()).status()).isEqualTo(404);
    }
    var account =
        TestService.await(Accounts.over(service.bus).find(Collection.USERS, service.userId))
            .orElseThrow();
    var token = service.access.tokenFor(account);
    assertThat(send("GET", own, token, Map.of()).status()).isEqualTo(200);
    assertThat(send("DELETE", own, service.superuserToken, Map.of()).status()).isEqualTo(204);
    assertThat(send("GET", own, token, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void aNameIsNoReasonToEndATokenAndNeitherIsTheSameEmail() throws Exception {
    var own = USERS + "/" + service.userId;
    var change = Map.<String, Object>of("name", "x", "email", TestService.USER_EMAIL);
    assertThat(send("PATCH", own, service.superuserToken, change).status()).isEqualTo(200);
    assertThat(send("GET", own, service.userToken, Map.of()).status()).isEqualTo(200);
  }

  @Test
  void aBasicPairEndsWithItsPassword() throws Exception {
    var made = send("POST", SUPERUSERS, service.superuserToken, entry("second@example.com"));
    var id = new JsonObject(made.body()).getString("id");
    var basic = "Basic c2Vjb25kQGV4YW1wbGUuY29tOmxvbmcgZW5vdWdo";
    assertThat(send("GET", SUPERUSERS, basic, Map.of()).status()).isEqualTo(200);
    var change = password("another one");
    assertThat(send("PATCH", SUPERUSERS + "/" + id, basic, change).status()).isEqualTo(200);
    assertThat(send("GET", SUPERUSERS, basic, Map.of()).status()).isEqualTo(403);
  }

  @Test
  void ofManyWithOneEmailOneGetsIt() throws Exception {
    var requests =
        IntStream.range(0, 12)
            .<Callable<Reply>>mapToObj(
                n -> () -> send("POST", USERS, "", entry(n % 2 == 0 ? "Same@x.org" : "same@X.org")))
            .toList();
    var replies = together(requests);
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies)
        .filteredOn(reply -> reply.status() == 400)
        .hasSize(11)
        .allSatisfy(reply ->
            assertThat(reply.body()).contains("{\"email\":{\"code\":\"validation_not_unique\""));
  }

  @Test
  void ofTwoSuperusersWhoDeleteEachOtherOneStays() throws Exception {
    var rootId =
        TestService.await(
                Accounts.over(service.bus)
                    .findByEmail(Collection.SUPERUSERS, TestService.SUPERUSER_EMAIL))
            .orElseThrow()
            .id();
    for (int round = 0; round < 5; round++) {
      var accounts = Accounts.over(service.bus);
      var email = "second" + round + "@example.com";
      assertThat(send("POST", SUPERUSERS, basic(), entry(email)).status()).isEqualTo(200);
      var second = TestService.await(accounts.findByEmail(Collection.SUPERUSERS, email));
      var ids = List.of(rootId, second.orElseThrow().id());
      var replies =
          together(
              ids.stream()
                  .<Callable<Reply>>map(
                      id -> () -> send("DELETE", SUPERUSERS + "/" + id, basic(), Map.of()))
                  .toList());
      assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(204, 400);
      assertThat(TestService.await(accounts.count(Collection.SUPERUSERS))).isEqualTo(1);
      rootId = ids.get(replies.getFirst().status() == 204 ? 1 : 0);
    }
  }

  /** The pair of the configuration, which no deletion touches. */
  private static String basic() {
    return HttpScenarios.basic(TestService.BASIC_PASSWORD);
  }

  @Test
  void ofTwoWhoChangeOnePasswordTheSecondFindsItselfLoggedOut() throws Exception {
    var own = USERS + "/" + service.userId;
    var replies =
        together(
            List.of(
                () -> send("PATCH", own, service.userToken, password("another one")),
                () -> send("PATCH", own, service.userToken, password("a third one"))));
    // 400: it came so late that its old password was wrong by then, too.
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies).extracting(Reply::status).containsAnyOf(400, 404);
  }

  @Test
  void guessesOfAnOldPasswordAreThrottled() throws Exception {
    var own = USERS + "/" + service.userId;
    var guess =
        Map.<String, Object>of(
            "password", "long enough", "passwordConfirm", "long enough", "oldPassword", "wrong");
    for (int i = 0; i < 10; i++) {
      assertThat(send("PATCH", own, service.userToken, guess).status()).isEqualTo(400);
    }
    var refused = send("PATCH", own, service.userToken, password("another one"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers().get("Retry-After")).isNotBlank();
    // Whoever changes no password goes on.
    assertThat(send("PATCH", own, service.userToken, Map.of("name", "x")).status()).isEqualTo(200);
  }
}

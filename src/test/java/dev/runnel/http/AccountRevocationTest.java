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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What a change of an account means for its tokens, and for others who change at the same time. */
@TestInstance(Lifecycle.PER_CLASS)
class AccountRevocationTest {
  private static final String USERS = "/api/collections/users/records";
  private static final String SUPERUSERS = "/api/collections/_superusers/records";

  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
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

  /** Somebody new, who has just logged in. */
  private record Member(String id, String token) {
    String path() {
      return USERS + "/" + id;
    }
  }

  private Member member(String email) throws Exception {
    var entry =
        Map.<String, Object>of(
            "email", email,
            "password", TestService.PASSWORD,
            "passwordConfirm", TestService.PASSWORD);
    var made = send("POST", USERS, "", entry);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    var id = new JsonObject(made.body()).getString("id");
    return new Member(id, tokenOf(id));
  }

  private String tokenOf(String id) throws Exception {
    var found = TestService.await(Accounts.over(service.bus).find(Collection.USERS, id));
    return service.access.tokenFor(found.orElseThrow());
  }

  private int status(String method, String path, String token) throws Exception {
    return send(method, path, token, Map.of()).status();
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
    var ann = member("ann@example.com");
    var refreshed = send("POST", "/api/collections/users/auth-refresh", ann.token(), Map.of());
    var second = new JsonObject(refreshed.body()).getString("token");
    assertThat(second).isNotEqualTo(ann.token());
    assertThat(status("GET", ann.path(), second)).isEqualTo(200);

    assertThat(send("PATCH", ann.path(), second, password("another one")).status()).isEqualTo(200);

    assertThat(status("GET", ann.path(), ann.token())).isEqualTo(404);
    assertThat(status("GET", ann.path(), second)).isEqualTo(404);
    assertThat(status("POST", "/api/collections/users/auth-refresh", second)).isEqualTo(401);
  }

  @Test
  void aSuperuserEndsAUsersTokensByPasswordEmailAndDeletion() throws Exception {
    var bob = member("bob@example.com");
    for (var change :
        List.<Map<String, Object>>of(
            password("another one"), Map.of("email", "elsewhere@example.com"))) {
      var token = tokenOf(bob.id());
      assertThat(send("PATCH", bob.path(), token, Map.of("name", "x")).status()).isEqualTo(200);
      assertThat(send("PATCH", bob.path(), basic(), change).status()).isEqualTo(200);
      assertThat(status("GET", bob.path(), token)).isEqualTo(404);
    }
    var token = tokenOf(bob.id());
    assertThat(status("GET", bob.path(), token)).isEqualTo(200);
    assertThat(status("DELETE", bob.path(), basic())).isEqualTo(204);
    assertThat(status("GET", bob.path(), token)).isEqualTo(404);
  }

  @Test
  void aNameIsNoReasonToEndATokenAndNeitherIsTheSameEmail() throws Exception {
    var cy = member("cy@example.com");
    var change = Map.<String, Object>of("name", "x", "email", "cy@example.com");
    assertThat(send("PATCH", cy.path(), basic(), change).status()).isEqualTo(200);
    assertThat(status("GET", cy.path(), cy.token())).isEqualTo(200);
  }

  @Test
  void aBasicPairEndsWithItsPassword() throws Exception {
    var made = send("POST", SUPERUSERS, basic(), entry("second@example.com"));
    var id = new JsonObject(made.body()).getString("id");
    var basic = "Basic c2Vjb25kQGV4YW1wbGUuY29tOmxvbmcgZW5vdWdo";
    assertThat(status("GET", SUPERUSERS, basic)).isEqualTo(200);
    var change = password("another one");
    assertThat(send("PATCH", SUPERUSERS + "/" + id, basic, change).status()).isEqualTo(200);
    assertThat(status("GET", SUPERUSERS, basic)).isEqualTo(403);
    assertThat(status("DELETE", SUPERUSERS + "/" + id, basic())).isEqualTo(204);
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
    var dora = member("dora@example.com");
    var replies =
        together(
            List.of(
                () -> send("PATCH", dora.path(), dora.token(), password("another one")),
                () -> send("PATCH", dora.path(), dora.token(), password("a third one"))));
    // 400: it came so late that its old password was wrong by then, too.
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies).extracting(Reply::status).containsAnyOf(400, 404);
  }

  @Test
  void guessesOfAnOldPasswordAreThrottled() throws Exception {
    var eve = member("eve@example.com");
    var guess =
        Map.<String, Object>of(
            "password", "long enough", "passwordConfirm", "long enough", "oldPassword", "wrong");
    for (int i = 0; i < 10; i++) {
      assertThat(send("PATCH", eve.path(), eve.token(), guess).status()).isEqualTo(400);
    }
    var refused = send("PATCH", eve.path(), eve.token(), password("another one"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers().get("Retry-After")).isNotBlank();
    // Whoever changes no password goes on.
    assertThat(send("PATCH", eve.path(), eve.token(), Map.of("name", "x")).status()).isEqualTo(200);
  }
}

package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that clients can read with {@code atob}. */
class TokensTest {
  private final Vertx vertx = Vertx.vertx();
  private final Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final Tokens tokens = new Tokens(vertx, new byte[32], InstantSource.fixed(now));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static Account account(String id, Collection collection, String tokenKey) {
    return new Account(
        id, collection, "e@x", false, true, "n", "h", tokenKey, Instant.EPOCH, Instant.EPOCH);
  }

  private String payload(Account account, Duration life) {
    return tokens.issue(account, life, true).split("\\.", -1)[1];
  }

  @Test
  void noPayloadHoldsWhatAtobRefuses() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      var id =
          i % 2 == 0
              ? new UUID(random.nextLong(), random.nextLong()).toString()
              : Long.toString(random.nextLong() >>> 1, 36);
      var collection = i % 4 < 2 ? Collection.USERS : Collection.SUPERUSERS;
      var life = Duration.ofSeconds(random.nextInt(1, Integer.MAX_VALUE));
      assertThat(payload(account(id, collection, "k" + random.nextLong()), life))
          .doesNotContain("-", "_");
    }
  }

  @Test
  void theClaimsAreThoseThatClientsLookFor() {
    var payload = payload(account("id-1", Collection.SUPERUSERS, "key"), Duration.ofDays(1));
    var claims =
        new JsonObject(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    assertThat(claims.getString("id")).isEqualTo("id-1");
    assertThat(claims.getString("type")).isEqualTo("auth");
    assertThat(claims.getString("collectionId")).isEqualTo("pbc_3142635823");
    assertThat(claims.getBoolean("refreshable")).isTrue();
    assertThat(claims.getLong("exp")).isEqualTo(now.plus(Duration.ofDays(1)).getEpochSecond());
    assertThat(claims.encode()).doesNotContain("\"key\":\"key\"");
  }

  @Test
  void noTwoTokensAreTheSame() {
    var account = account("id-1", Collection.USERS, "key");
    assertThat(tokens.issue(account, Duration.ofDays(1), true))
        .isNotEqualTo(tokens.issue(account, Duration.ofDays(1), true));
  }

  @Test
  void aTokenSaysWhetherItMayBeRefreshed() throws Exception {
    for (var refreshable : new boolean[] {true, false}) {
      var token =
          tokens.issue(account("a", Collection.USERS, "k"), Duration.ofDays(1), refreshable);
      var claims = tokens.read(token).toCompletionStage().toCompletableFuture().get();
      assertThat(claims.orElseThrow().isRefreshable()).isEqualTo(refreshable);
    }
  }

  @Test
  void theHeaderNamesTheOnlyAlgorithm() {
    var header =
        tokens.issue(account("a", Collection.USERS, "k"), Duration.ofDays(1), true)
            .split("\\.", -1)[0];
    assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
        .contains("\"alg\":\"HS256\"")
        .contains("\"typ\":\"JWT\"");
  }

  @Test
  void anIdThatATokenCannotCarryIsRefused() {
    for (var id : new String[] {"", "a~b", "a?b", "é", "a b"}) {
      assertThatThrownBy(
              () -> tokens.issue(account(id, Collection.USERS, "k"), Duration.ofDays(1), true))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

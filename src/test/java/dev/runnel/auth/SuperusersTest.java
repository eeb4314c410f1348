package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.runnel.account.Collection;
import dev.runnel.config.AccountOptions;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody can always log in, and nobody by accident. */
class SuperusersTest {
  private final Vertx vertx = Vertx.vertx();
  private final MemoryAccounts accounts = new MemoryAccounts();
  private final Passwords passwords = new Passwords(vertx);
  private final Superusers superusers = new Superusers(accounts, passwords, new SecureRandom());

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static AccountOptions options(@Nullable String email, @Nullable String password) {
    return new AccountOptions(email, password, null, null, Duration.ofDays(1), Duration.ofDays(1));
  }

  private boolean opens(String email, String password) throws Exception {
    var account = await(accounts.findByEmail(Collection.SUPERUSERS, email)).orElseThrow();
    return await(passwords.verify(password, account.passwordHash()));
  }

  @Test
  void withoutOptionsAndSuperusersOneIsMadeOnce() throws Exception {
    var created = await(superusers.ensure(options(null, null))).orElseThrow();
    assertThat(created.email()).isEqualTo(Superusers.FIRST_EMAIL);
    assertThat(created.password()).hasSizeGreaterThanOrEqualTo(16);
    assertThat(created.toString()).doesNotContain(created.password());
    assertThat(opens(created.email(), created.password())).isTrue();
    assertThat(await(superusers.ensure(options(null, null)))).isEmpty();
  }

  @Test
  void aConfiguredPairIsWrittenWhenItDiffersAndOnlyThen() throws Exception {
    assertThat(await(superusers.ensure(options("a@x", "password 1")))).isEmpty();
    var first = await(accounts.findByEmail(Collection.SUPERUSERS, "a@x")).orElseThrow();
    await(superusers.ensure(options("a@x", "password 1")));
    assertThat(await(accounts.findByEmail(Collection.SUPERUSERS, "a@x"))).hasValue(first);
    await(superusers.ensure(options("a@x", "password 2")));
    var second = await(accounts.findByEmail(Collection.SUPERUSERS, "a@x")).orElseThrow();
    assertThat(second.tokenKey()).isNotEqualTo(first.tokenKey());
    assertThat(opens("a@x", "password 2")).isTrue();
    assertThat(opens("a@x", "password 1")).isFalse();
  }

  @Test
  void whatCannotBeAnAccountIsRefused() {
    refused("no address", "password");
    refused("a@x", "1234567");
    refused("a@x", "é".repeat(36));
    refused("a@x", null);
    refused(null, "password");
  }

  private void refused(@Nullable String email, @Nullable String password) {
    assertThatThrownBy(() -> await(superusers.ensure(options(email, password))))
        .hasCauseInstanceOf(Problem.Invalid.class);
  }

  @Test
  void aPasswordOfTheLargestLengthWorksAndALongerOneMatchesNothing() throws Exception {
    var longest = "é".repeat(35) + "x";
    var hash = await(passwords.hash(longest));
    assertThat(hash).startsWith("$2a$10$");
    assertThat(await(passwords.verify(longest, hash))).isTrue();
    assertThat(await(passwords.verify(longest + "y", hash))).isFalse();
    assertThat(await(passwords.verify("x".repeat(100_000), hash))).isFalse();
  }

  /** Else an unknown e-mail would be told by how fast the answer comes. */
  @Test
  void theHashOfNobodyIsARealOne() {
    var password = "x".getBytes(StandardCharsets.UTF_8);
    var hash = Logins.NOBODYS_HASH.getBytes(StandardCharsets.UTF_8);
    var result = BCrypt.verifyer().verify(password, hash);
    assertThat(result.validFormat).isTrue();
    assertThat(result.details.cost).isEqualTo(10);
  }
}

package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.config.AccountOptions;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who a caller is, by what it presents. */
class AccessTest {
  private static final String HOME = "127.0.0.1";
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Vertx vertx = Vertx.vertx();
  private final MemoryAccounts accounts = new MemoryAccounts();
  private final Passwords passwords = new Passwords(vertx);
  private Instant now = Instant.now();
  private Access access = access(KEY, "admin", "a:b");
  private Account root = account();
  private Account user = account();

  private Access access(byte[] key, @Nullable String name, @Nullable String password) {
    var options =
        new AccountOptions(null, null, name, password, Duration.ofHours(1), Duration.ofHours(2));
    return new Access(vertx, options, accounts, passwords, key, () -> now);
  }

  private static Account account() {
    return new Account(
        "", Collection.USERS, "", false, false, "", "", "", Instant.EPOCH, Instant.EPOCH);
  }

  @BeforeEach
  void accounts() throws Exception {
    var hash = await(passwords.hash("pass:word"));
    root = await(accounts.upsert(Collection.SUPERUSERS, "root@x", hash, "key-1"));
    user = await(accounts.upsert(Collection.USERS, "user@x", hash, "key-2"));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Principal who(Credentials credentials) throws Exception {
    return await(access.recognise(credentials, HOME)).principal();
  }

  private static Credentials header(String header) {
    return Credentials.of(header, null, null);
  }

  private static Credentials basic(String pair) {
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return header("Basic " + encoded);
  }

  @Test
  void tokensOfBothCollectionsAreRecognised() throws Exception {
    assertThat(who(header(access.tokenFor(root))))
        .isEqualTo(new Principal.Superuser(root.id(), Principal.Credential.TOKEN));
    assertThat(who(header("Bearer " + access.tokenFor(user))))
        .isEqualTo(new Principal.User(user.id()));
  }

  @Test
  void aTokenThatDoesNotHoldIsAGuests() throws Exception {
    var token = access.tokenFor(root);
    var parts = token.split("\\.", -1);
    var unsigned =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"typ\":\"JWT\",\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    for (var bad :
        new String[] {
          "x",
          "..",
          token + "x",
          token.substring(1),
          parts[0] + "." + parts[1] + ".",
          unsigned + "." + parts[1] + ".",
          unsigned + "." + parts[1] + "." + parts[2],
          access("another key of the service......".getBytes(StandardCharsets.US_ASCII), null, null)
              .tokenFor(root)
        }) {
      assertThat(who(header(bad))).as(bad).isEqualTo(new Principal.Guest());
    }
  }

  @Test
  void aTokenEndsWithItsTimeItsKeyAndItsAccount() throws Exception {
    var token = header(access.tokenFor(root));
    now = now.plus(Duration.ofMinutes(59));
    assertThat(who(token)).isInstanceOf(Principal.Superuser.class);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(who(token)).isInstanceOf(Principal.Guest.class);
    now = Instant.now();
    await(accounts.upsert(Collection.SUPERUSERS, "root@x", root.passwordHash(), "key-3"));
    assertThat(who(token)).as("at the next request").isInstanceOf(Principal.Guest.class);
  }

  @Test
  void anAccountThatWasSeenIsBelievedForAMinuteWhileTheDatabaseIsAway() throws Exception {
    var token = header(access.tokenFor(root));
    assertThat(who(token)).isInstanceOf(Principal.Superuser.class);
    accounts.isAway = true;
    assertThat(who(token)).isInstanceOf(Principal.Superuser.class);
    assertUnavailable(header(access.tokenFor(user)));
    accounts.isAway = false;
    accounts.hangs = true;
    assertThat(who(token)).isInstanceOf(Principal.Superuser.class);
    now = now.plus(Duration.ofSeconds(61));
    assertUnavailable(token);
  }

  @Test
  void whoHasJustLoggedInIsBelievedToo() throws Exception {
    var session = await(access.login(Collection.SUPERUSERS, "root@x", "pass:word", HOME));
    accounts.isAway = true;
    assertThat(who(header(session.orElseThrow().token()))).isInstanceOf(Principal.Superuser.class);
  }

  @Test
  void whatWasChangedOrDeletedHereIsNotBelievedWhileTheDatabaseIsAway() throws Exception {
    var rootToken = header(access.tokenFor(root));
    var userToken = header(access.tokenFor(user));
    assertThat(who(rootToken)).isInstanceOf(Principal.Superuser.class);
    assertThat(who(userToken)).isInstanceOf(Principal.User.class);
    var members = access.members();
    var changed = await(members.update(root, AccountChange.NOTHING, "new password", false));
    await(members.delete(Collection.USERS, user.id()));
    accounts.isAway = true;
    assertThat(who(rootToken)).isInstanceOf(Principal.Guest.class);
    assertThat(who(header(access.tokenFor(changed)))).isInstanceOf(Principal.Superuser.class);
    assertUnavailable(userToken);
  }

  @Test
  void whatWasReadBeforeAChangeAndComesAfterItIsNotRemembered() {
    var known = new KnownAccounts(() -> now);
    var later = changed(root);
    known.remember(later);
    known.remember(root);
    assertThat(known.recall(Collection.SUPERUSERS, root.id())).contains(later);
    known.deleted(Collection.SUPERUSERS, root.id());
    known.remember(later);
    assertThat(known.recall(Collection.SUPERUSERS, root.id())).isEmpty();
    now = now.plus(Duration.ofSeconds(61));
    known.remember(later);
    assertThat(known.recall(Collection.SUPERUSERS, root.id())).contains(later);
  }

  private static Account changed(Account account) {
    return new Account(
        account.id(),
        account.collection(),
        account.email(),
        account.emailVisibility(),
        account.verified(),
        account.name(),
        account.passwordHash(),
        "another key",
        account.created(),
        account.updated().plusMillis(1));
  }

  @Test
  void aTokenIsChangedForAnotherOneOrStaysIfItMayNot() throws Exception {
    var token = access.tokenFor(user);
    var refreshed = await(access.refresh(header(token))).orElseThrow();
    assertThat(refreshed.token()).isNotEqualTo(token);
    assertThat(who(header(refreshed.token()))).isEqualTo(new Principal.User(user.id()));
    assertThat(who(header(token)))
        .as("the old one lives its life")
        .isInstanceOf(Principal.User.class);

    var lent = access.impersonate(user, Duration.ofMinutes(5)).token();
    assertThat(await(access.refresh(header(lent))).orElseThrow().token()).isEqualTo(lent);
    now = now.plus(Duration.ofMinutes(5));
    assertThat(who(header(lent))).isInstanceOf(Principal.Guest.class);
    assertThat(await(access.refresh(header(lent)))).isEmpty();
    assertThat(await(access.refresh(basic("admin:a:b")))).isEmpty();

    accounts.isAway = true;
    assertThatThrownBy(() -> await(access.refresh(header(token))))
        .as("nobody gets a new token from the cache")
        .hasCauseInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void guessesOfAnOldPasswordCountAsFailedLogins() throws Exception {
    for (int i = 0; i < 9; i++) {
      assertThat(await(access.confirm(user, "guess " + i, HOME))).isFalse();
    }
    assertThat(await(access.login(Collection.USERS, "user@x", "wrong", HOME))).isEmpty();
    assertThatThrownBy(() -> await(access.confirm(user, "pass:word", HOME)))
        .hasCauseInstanceOf(Problem.Throttled.class);
    now = now.plus(Duration.ofSeconds(60));
    assertThat(await(access.confirm(user, "pass:word", HOME))).isTrue();
  }

  private void assertUnavailable(Credentials credentials) {
    assertThatThrownBy(() -> who(credentials)).hasCauseInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void basicPairsAreSplitAtTheFirstColon() throws Exception {
    assertThat(who(basic("admin:a:b")))
        .isEqualTo(new Principal.Superuser("admin", Principal.Credential.BASIC));
    assertThat(who(basic("root@x:pass:word")))
        .isEqualTo(new Principal.Superuser(root.id(), Principal.Credential.BASIC));
    for (var bad : new String[] {"admin:a", "admin:", ":a:b", "root@x:pass", "user@x:pass:word"}) {
      assertThat(who(basic(bad))).as(bad).isEqualTo(new Principal.Guest());
    }
    assertThat(who(header("Basic !!"))).isEqualTo(new Principal.Guest());
    assertThat(who(header("Basic"))).isEqualTo(new Principal.Guest());
  }

  @Test
  void withoutAConfiguredPairThereIsNone() throws Exception {
    access = access(KEY, null, null);
    assertThat(who(basic("admin:a:b"))).isEqualTo(new Principal.Guest());
    assertThat(who(basic(":"))).isEqualTo(new Principal.Guest());
  }

  @Test
  void aVerifiedPairIsNotCheckedAgainUntilThePasswordChanges() throws Exception {
    assertThat(who(basic("root@x:pass:word"))).isInstanceOf(Principal.Superuser.class);
    var begun = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(who(basic("root@x:pass:word"))).isInstanceOf(Principal.Superuser.class);
    }
    // Fifty times bcrypt would take seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1500));
    var hash = await(passwords.hash("new password"));
    await(accounts.upsert(Collection.SUPERUSERS, "root@x", hash, "key-3"));
    assertThat(who(basic("root@x:pass:word"))).isInstanceOf(Principal.Guest.class);
  }

  @Test
  void tenWrongPasswordsAMinuteAreEnough() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(await(access.login(Collection.USERS, "user@x", "wrong", HOME))).isEmpty();
    }
    assertThatThrownBy(() -> await(access.login(Collection.USERS, "USER@x", "pass:word", HOME)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(Problem.Throttled.class);
    assertThat(await(access.login(Collection.USERS, "user@x", "pass:word", "10.0.0.1")))
        .isPresent();
    now = now.plus(Duration.ofSeconds(60));
    assertThat(await(access.login(Collection.USERS, "user@x", "pass:word", HOME))).isPresent();
  }

  @Test
  void aWrongConfiguredPairIsThrottledToo() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(who(basic("admin:" + i))).isInstanceOf(Principal.Guest.class);
    }
    assertThatThrownBy(() -> who(basic("admin:a:b"))).hasCauseInstanceOf(Problem.Throttled.class);
  }
}

package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.account.EmailAddress;
import dev.runnel.bus.Accounts;
import dev.runnel.config.AccountOptions;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Makes sure that somebody can log in. */
public final class Superusers {
  /** Who is created when nobody is configured and nobody exists. */
  public static final String FIRST_EMAIL = "admin@localhost";

  private final Accounts accounts;
  private final Passwords passwords;
  private final SecureRandom random;

  /** {@code random} makes passwords and token keys. */
  public Superusers(Accounts accounts, Passwords passwords, SecureRandom random) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.random = random;
  }

  /** An account that was just made, with the only copy of its password. */
  public record Created(String email, String password) {
    @Override
    public String toString() {
      return email;
    }
  }

  /**
   * Once at every start. A configured pair exists afterwards; where it does already nothing is
   * written, so that its tokens stay valid. Without one, and without any superuser, one is made:
   * the caller shows its password once.
   */
  public Future<Optional<Created>> ensure(AccountOptions options) {
    var email = options.superuserEmail();
    var password = options.superuserPassword();
    if (email != null && password != null) {
      return upsert(email, password).map(Optional.empty());
    }
    if (email != null || password != null) {
      return Future.failedFuture(
          new Problem.Invalid(
              email == null ? "email" : "password",
              "RUNNEL_SUPERUSER_EMAIL and RUNNEL_SUPERUSER_PASSWORD go together; set both or"
                  + " none"));
    }
    return accounts
        .count(Collection.SUPERUSERS)
        .compose(count -> count > 0 ? Future.succeededFuture(Optional.empty()) : first());
  }

  /**
   * The account with this password, whether it existed or not. Fails with {@code Invalid("email" or
   * "password", …)}.
   */
  public Future<Account> upsert(String email, String password) {
    if (!EmailAddress.isValid(email)) {
      return Future.failedFuture(new Problem.Invalid("email", "Must be a valid email address."));
    }
    return accounts
        .findByEmail(Collection.SUPERUSERS, email)
        .compose(found ->
            found.isEmpty()
                ? write(email, password)
                : passwords
                    .verify(password, found.get().passwordHash())
                    .compose(same ->
                        same ? Future.succeededFuture(found.get()) : write(email, password)));
  }

  private Future<Optional<Created>> first() {
    var password = text(15);
    return write(FIRST_EMAIL, password).map(Optional.of(new Created(FIRST_EMAIL, password)));
  }

  private Future<Account> write(String email, String password) {
    return passwords
        .hash(password)
        .compose(hash -> accounts.upsert(Collection.SUPERUSERS, email, hash, text(36)));
  }

  private String text(int bytes) {
    var given = new byte[bytes];
    random.nextBytes(given);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(given);
  }
}

package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.Accounts;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The accounts as those who may change them see them. Another password or e-mail means another
 * token key: the tokens from before are void with the next request, on every node.
 */
public final class Members {
  private static final int KEY_BYTES = 25;

  private final Accounts accounts;
  private final Passwords passwords;
  private final KnownAccounts known;
  private final SecureRandom random = new SecureRandom();

  Members(Accounts accounts, Passwords passwords, KnownAccounts known) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.known = known;
  }

  /** Fails with {@code NotFound}. */
  public Future<Account> get(Collection collection, String id) {
    return accounts
        .find(collection, id)
        .map(found -> found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.ACCOUNT, id)));
  }

  public Future<AccountQuery.Page> search(AccountQuery query) {
    return accounts.search(query);
  }

  /** Fails with {@code Invalid("password", …)}, {@code Taken("email")}, {@code Taken("id")}. */
  public Future<Account> create(AccountDraft draft, String password) {
    return passwords.hash(password).compose(hash -> accounts.create(draft, hash, tokenKey()));
  }

  /**
   * Changes an account that was read before.
   *
   * @param password null: the same as before
   * @param allowedByItself whether the account's own credentials allowed this: then they must still
   *     be the same when it happens, else it is {@code NotFound}
   */
  public Future<Account> update(
      Account account, AccountChange change, @Nullable String password, boolean allowedByItself) {
    var formerKey = allowedByItself ? account.tokenKey() : null;
    var hash =
        password == null ? Future.<@Nullable String>succeededFuture() : passwords.hash(password);
    var revokes =
        password != null || (change.email() != null && !change.email().equals(account.email()));
    return hash.compose(hashed ->
            accounts.update(
                account.collection(),
                account.id(),
                change,
                new AccountAsk.Renewal(hashed, revokes ? tokenKey() : null, formerKey)))
        .onSuccess(known::remember);
  }

  /** Deletes the account, unless it is the only superuser; its tokens are void then. */
  public Future<AccountAsk.Removal> delete(Collection collection, String id) {
    return accounts
        .delete(collection, id)
        .onSuccess(removal -> {
          if (removal == AccountAsk.Removal.DONE) {
            known.deleted(collection, id);
          }
        });
  }

  private String tokenKey() {
    var given = new byte[KEY_BYTES];
    random.nextBytes(given);
    return HexFormat.of().formatHex(given);
  }
}

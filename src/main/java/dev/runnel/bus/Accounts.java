package dev.runnel.bus;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import io.vertx.core.Future;
import java.util.Optional;

/** The auth collections as the rest of the service sees them. */
public interface Accounts {

  static Accounts over(Bus bus) {
    return new BusAccounts(bus);
  }

  /** The account with this e-mail, compared without case. */
  Future<Optional<Account>> findByEmail(Collection collection, String email);

  Future<Optional<Account>> find(Collection collection, String id);

  Future<Long> count(Collection collection);

  /** Creates the account or gives it this password; a new password renews the token key. */
  Future<Account> upsert(Collection collection, String email, String passwordHash, String tokenKey);

  Future<AccountQuery.Page> search(AccountQuery query);

  /** Fails with {@code Taken("email")} and {@code Taken("id")}. */
  Future<Account> create(AccountDraft draft, String passwordHash, String tokenKey);

  /** Fails with {@code NotFound} and {@code Taken("email")}. */
  Future<Account> update(
      Collection collection, String id, AccountChange change, AccountAsk.Renewal renewal);

  /** Deletes the account, unless it is the only superuser. */
  Future<AccountAsk.Removal> delete(Collection collection, String id);
}

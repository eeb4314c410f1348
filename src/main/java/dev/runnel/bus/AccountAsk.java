package dev.runnel.bus;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions about accounts. */
public sealed interface AccountAsk<R> extends StoreAsk<R> {

  /** The account with this e-mail, compared without case. */
  record FindByEmail(Collection collection, String email)
      implements AccountAsk<Optional<Account>> {}

  /** The account with this id. */
  record FindById(Collection collection, String id) implements AccountAsk<Optional<Account>> {}

  /** How many accounts the collection has. */
  record Count(Collection collection) implements AccountAsk<Long> {}

  /** A page of accounts. */
  record Search(AccountQuery query) implements AccountAsk<AccountQuery.Page> {}

  /** Creates the account or gives it this password; a new password renews the token key. */
  record Upsert(Collection collection, String email, String passwordHash, String tokenKey)
      implements AccountAsk<Account> {
    @Override
    public String toString() {
      return "upsert of " + email;
    }
  }

  /** Creates the account; fails with {@code Taken("email")} and {@code Taken("id")}. */
  record Create(AccountDraft draft, String passwordHash, String tokenKey)
      implements AccountAsk<Account> {
    @Override
    public String toString() {
      return "creation of " + draft;
    }
  }

  /** Changes the account; fails with {@code NotFound} and {@code Taken("email")}. */
  record Update(Collection collection, String id, AccountChange change, Renewal renewal)
      implements AccountAsk<Account> {}

  /**
   * What a change renews beside the fields.
   *
   * @param passwordHash null: the password stays
   * @param tokenKey null: tokens stay valid
   * @param formerKey an account that has another token key by now is {@code NotFound}: whoever
   *     allowed the change is not who it is now; null: whatever it has
   */
  record Renewal(
      @Nullable String passwordHash, @Nullable String tokenKey, @Nullable String formerKey) {
    @Override
    public String toString() {
      return passwordHash == null ? "same password" : "new password";
    }
  }

  /** Deletes the account, unless it is the only superuser. */
  record Delete(Collection collection, String id) implements AccountAsk<Removal> {}

  /** How a deletion went. */
  enum Removal {
    DONE,
    MISSING,
    LAST_SUPERUSER
  }
}

package dev.runnel.bus;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import java.util.Optional;

/** Questions about accounts. */
public sealed interface AccountAsk<R> extends StoreAsk<R> {

  /** The account with this e-mail, compared without case. */
  record FindByEmail(Collection collection, String email)
      implements AccountAsk<Optional<Account>> {}

  /** The account with this id. */
  record FindById(Collection collection, String id) implements AccountAsk<Optional<Account>> {}

  /** How many accounts the collection has. */
  record Count(Collection collection) implements AccountAsk<Long> {}

  /** Creates the account or gives it this password; a new password renews the token key. */
  record Upsert(Collection collection, String email, String passwordHash, String tokenKey)
      implements AccountAsk<Account> {}
}

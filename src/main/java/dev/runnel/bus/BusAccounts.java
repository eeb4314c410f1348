package dev.runnel.bus;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import io.vertx.core.Future;
import java.util.Optional;

record BusAccounts(Bus bus) implements Accounts {

  @Override
  public Future<Optional<Account>> findByEmail(Collection collection, String email) {
    return bus.ask(new AccountAsk.FindByEmail(collection, email));
  }

  @Override
  public Future<Optional<Account>> find(Collection collection, String id) {
    return bus.ask(new AccountAsk.FindById(collection, id));
  }

  @Override
  public Future<Long> count(Collection collection) {
    return bus.ask(new AccountAsk.Count(collection));
  }

  @Override
  public Future<Account> upsert(
      Collection collection, String email, String passwordHash, String tokenKey) {
    return bus.ask(new AccountAsk.Upsert(collection, email, passwordHash, tokenKey));
  }

  @Override
  public Future<AccountQuery.Page> search(AccountQuery query) {
    return bus.ask(new AccountAsk.Search(query));
  }

  @Override
  public Future<Account> create(AccountDraft draft, String passwordHash, String tokenKey) {
    return bus.ask(new AccountAsk.Create(draft, passwordHash, tokenKey));
  }

  @Override
  public Future<Account> update(
      Collection collection, String id, AccountChange change, AccountAsk.Renewal renewal) {
    return bus.ask(new AccountAsk.Update(collection, id, change, renewal));
  }

  @Override
  public Future<AccountAsk.Removal> delete(Collection collection, String id) {
    return bus.ask(new AccountAsk.Delete(collection, id));
  }
}

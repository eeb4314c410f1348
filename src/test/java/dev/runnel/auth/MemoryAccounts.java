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
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Accounts in memory; the database behind them can go away. */
final class MemoryAccounts implements Accounts {
  private final ConcurrentHashMap<String, Account> accounts = new ConcurrentHashMap<>();
  volatile boolean isAway;
  volatile boolean hangs;

  @Override
  public Future<Optional<Account>> findByEmail(Collection collection, String email) {
    return answer(() -> Optional.ofNullable(accounts.get(collection + email)));
  }

  @Override
  public Future<Optional<Account>> find(Collection collection, String id) {
    return answer(() ->
        accounts.values().stream()
            .filter(found -> found.collection() == collection && found.id().equals(id))
            .findFirst());
  }

  @Override
  public Future<Long> count(Collection collection) {
    return answer(
        () -> accounts.values().stream().filter(a -> a.collection() == collection).count());
  }

  @Override
  public Future<Account> upsert(
      Collection collection, String email, String passwordHash, String tokenKey) {
    return answer(() ->
        accounts.compute(
            collection + email,
            (_, old) ->
                new Account(
                    old == null ? UUID.randomUUID().toString() : old.id(),
                    collection,
                    email,
                    false,
                    false,
                    "",
                    passwordHash,
                    tokenKey,
                    Instant.EPOCH,
                    Instant.EPOCH)));
  }

  @Override
  public Future<AccountQuery.Page> search(AccountQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Account> create(AccountDraft draft, String passwordHash, String tokenKey) {
    throw new UnsupportedOperationException();
  }

  /** Later than the account that it changes. */
  @Override
  public Future<Account> update(
      Collection collection, String id, AccountChange change, AccountAsk.Renewal renewal) {
    return find(collection, id)
        .map(found -> {
          var old = found.orElseThrow();
          var changed =
              new Account(
                  id,
                  collection,
                  old.email(),
                  old.emailVisibility(),
                  old.verified(),
                  old.name(),
                  Objects.requireNonNullElse(renewal.passwordHash(), old.passwordHash()),
                  Objects.requireNonNullElse(renewal.tokenKey(), old.tokenKey()),
                  old.created(),
                  old.updated().plusMillis(1));
          accounts.put(collection + old.email(), changed);
          return changed;
        });
  }

  @Override
  public Future<AccountAsk.Removal> delete(Collection collection, String id) {
    return answer(() ->
        accounts.values().removeIf(found -> found.id().equals(id))
            ? AccountAsk.Removal.DONE
            : AccountAsk.Removal.MISSING);
  }

  private <T> Future<T> answer(Supplier<T> answer) {
    if (hangs) {
      return Promise.<T>promise().future();
    }
    return isAway
        ? Future.failedFuture(new Problem.Unavailable("Away", Duration.ofSeconds(1)))
        : Future.succeededFuture(answer.get());
  }
}

package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that the database showed within the last minute. Asked only while the database is away:
 * when it is there, every token is checked against it, so that a revoked one stops at once.
 */
final class KnownAccounts {
  static final Duration LIFE = Duration.ofSeconds(60);
  private static final int REMEMBERED = 2_000;

  private final InstantSource clock;
  private final Map<Key, Seen> seen =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
          return size() > REMEMBERED;
        }
      };

  KnownAccounts(InstantSource clock) {
    this.clock = clock;
  }

  private record Key(Collection collection, String id) {}

  /** {@code account} null: it was deleted here. */
  private record Seen(@Nullable Account account, Instant at) {

    /** Whether {@code other} was read before the change that this one shows. */
    boolean outdates(Account other) {
      return account == null || account.updated().isAfter(other.updated());
    }
  }

  /** Unless it was changed or deleted here since it was read. */
  synchronized void remember(Account account) {
    var key = new Key(account.collection(), account.id());
    if (fresh(key).filter(known -> known.outdates(account)).isEmpty()) {
      seen.put(key, new Seen(account, clock.instant()));
    }
  }

  /** Somebody else has deleted it. */
  synchronized void forget(Collection collection, String id) {
    seen.remove(new Key(collection, id));
  }

  /** It was deleted here: who has read it before and comes late is not believed. */
  synchronized void deleted(Collection collection, String id) {
    seen.put(new Key(collection, id), new Seen(null, clock.instant()));
  }

  synchronized Optional<Account> recall(Collection collection, String id) {
    return fresh(new Key(collection, id)).map(Seen::account);
  }

  private Optional<Seen> fresh(Key key) {
    return Optional.ofNullable(seen.get(key))
        .filter(found -> found.at().plus(LIFE).isAfter(clock.instant()));
  }
}

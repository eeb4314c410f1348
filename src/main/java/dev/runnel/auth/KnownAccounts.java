package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  private record Seen(Account account, Instant at) {}

  synchronized void remember(Account account) {
    seen.put(new Key(account.collection(), account.id()), new Seen(account, clock.instant()));
  }

  synchronized void forget(Collection collection, String id) {
    seen.remove(new Key(collection, id));
  }

  synchronized Optional<Account> recall(Collection collection, String id) {
    return Optional.ofNullable(seen.get(new Key(collection, id)))
        .filter(found -> found.at().plus(LIFE).isAfter(clock.instant()))
        .map(Seen::account);
  }
}

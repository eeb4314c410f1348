package dev.runnel.auth;

import dev.runnel.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed logins: 10 a minute for one address and identity, 100 for one address. Shared by
 * all event loops. Forgets the oldest when it holds too many addresses.
 */
final class Throttle {
  static final int PER_IDENTITY = 10;
  static final int PER_ADDRESS = 100;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int REMEMBERED = 20_000;

  private final InstantSource clock;
  private final Map<Key, Failures> failures =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  Throttle(InstantSource clock) {
    this.clock = clock;
  }

  /** {@code identity} null: the address whoever it names. */
  private record Key(String address, @Nullable String identity) {}

  private record Failures(int count, Instant until) {}

  /** Fails with {@code Throttled} while there were too many. */
  synchronized void check(String address, String identity) {
    refuseFrom(identityKey(address, identity), PER_IDENTITY);
    refuseFrom(new Key(address, null), PER_ADDRESS);
  }

  synchronized void failed(String address, String identity) {
    count(identityKey(address, identity));
    count(new Key(address, null));
  }

  /** The address keeps its own count, or one good account would hide guesses at others. */
  synchronized void succeeded(String address, String identity) {
    failures.remove(identityKey(address, identity));
  }

  private void refuseFrom(Key key, int limit) {
    var seen = failures.get(key);
    if (seen == null) {
      return;
    }
    var left = Duration.between(clock.instant(), seen.until());
    if (!left.isPositive()) {
      failures.remove(key);
    } else if (seen.count() >= limit) {
      throw new Problem.Throttled(Duration.ofSeconds(left.toSeconds() + 1));
    }
  }

  private void count(Key key) {
    var now = clock.instant();
    failures.merge(
        key,
        new Failures(1, now.plus(WINDOW)),
        (old, first) ->
            old.until().isAfter(now) ? new Failures(old.count() + 1, old.until()) : first);
  }

  private static Key identityKey(String address, String identity) {
    return new Key(address, identity.toLowerCase(Locale.ROOT));
  }
}

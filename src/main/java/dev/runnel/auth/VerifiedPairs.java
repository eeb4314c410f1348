package dev.runnel.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Basic pairs that were found right a short while ago, so that bcrypt is not paid for each request.
 * Holds only keyed hashes over password and stored hash: a changed password is a new pair. The key
 * never leaves this object.
 */
final class VerifiedPairs {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final int REMEMBERED = 1_000;

  private final InstantSource clock;
  private final SecretKeySpec key;
  private final Map<String, Instant> until =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  VerifiedPairs(InstantSource clock) {
    this.clock = clock;
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  synchronized boolean hold(String pair) {
    var end = until.get(pair);
    return end != null && end.isAfter(clock.instant());
  }

  synchronized void remember(String pair) {
    until.put(pair, clock.instant().plus(LIFE));
  }

  /** What to remember for this password and what it was checked against. */
  String pair(String password, String storedHash) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(storedHash.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java platform has HmacSHA256", missing);
    }
  }
}

package dev.runnel.secret;

import dev.runnel.secret.CannotOpen.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The key in use and those before it: seals with the newest, opens what any of them has sealed.
 * Safe for use by several threads.
 */
public final class KeyRing {

  /** The newest first. */
  private record Keys(SecretKey newest, List<SecretKey> all, List<Sealer> sealers) {
    static Keys of(List<SecretKey> all) {
      return new Keys(
          all.getFirst(), List.copyOf(all), all.stream().map(SecretKey::sealer).toList());
    }
  }

  private final List<Consumer<SecretKey>> listeners = new CopyOnWriteArrayList<>();
  private volatile Keys keys;

  KeyRing(SecretKey only) {
    this.keys = Keys.of(List.of(only));
  }

  /** The key that seals and signs now. */
  public SecretKey newest() {
    return keys.newest;
  }

  /** Calls with every key that becomes the newest from now on, on any thread. */
  public void onChange(Consumer<SecretKey> listener) {
    listeners.add(listener);
  }

  /** See {@link Sealer#seal}. */
  public byte[] seal(byte[] value) {
    return keys.sealers.getFirst().seal(value);
  }

  /**
   * The value that any of the keys has sealed.
   *
   * @throws CannotOpen when none of them opens it
   */
  public byte[] open(byte[] sealed) {
    var why = Reason.OTHER_KEY;
    for (var sealer : keys.sealers) {
      try {
        return sealer.open(sealed);
      } catch (CannotOpen refused) {
        why = refused.reason() == Reason.DAMAGED ? Reason.DAMAGED : why;
      }
    }
    throw new CannotOpen(why);
  }

  /** The same value under the newest key; empty when it already is. */
  public Optional<byte[]> renewed(byte[] sealed) {
    return sealed.length > 0 && sealed[0] == newest().id()
        ? Optional.empty()
        : Optional.of(seal(open(sealed)));
  }

  boolean knows(SecretKey key) {
    return keys.all.contains(key);
  }

  /** Adds a key that was in use before. */
  synchronized void add(SecretKey older) {
    if (!knows(older)) {
      var all = new ArrayList<>(keys.all);
      all.add(older);
      keys = Keys.of(all);
    }
  }

  /** Puts the key in front. */
  synchronized void take(SecretKey newest) {
    if (!newest.equals(keys.newest)) {
      var all = new ArrayList<>(keys.all);
      all.remove(newest);
      all.addFirst(newest);
      keys = Keys.of(all);
      listeners.forEach(listener -> listener.accept(newest));
    }
  }
}

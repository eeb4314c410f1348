package dev.runnel.secret;

import dev.runnel.bus.Bus;
import dev.runnel.bus.KeyAsk;
import dev.runnel.bus.KeyAsk.Sealed;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the secret key. It can be killed at any moment: both keys stay known until every value is
 * sealed anew, and the next call goes on where this one was. All methods block.
 *
 * <ol>
 *   <li>the database gets each key sealed by the other; every process takes the new one from there
 *   <li>the new key is in this process's file
 *   <li>values of the old key are refused from now on, the check value is the new key's
 *   <li>what the old key has sealed is sealed anew, page by page
 *   <li>the two sealed keys are removed
 * </ol>
 */
public final class KeyRotation {
  private static final Duration STEP = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Bus bus;
  private final SharedKey shared;
  private final Duration patience;

  /**
   * @param shared joined
   * @param patience how long other processes get to take the new key
   */
  public KeyRotation(Bus bus, SharedKey shared, Duration patience) {
    this.bus = bus;
    this.shared = shared;
    this.patience = patience;
  }

  /**
   * What was done.
   *
   * @param resealed values
   * @param behind processes that have not taken the new key in time; they have to be started again
   */
  public record Done(int resealed, int behind) {}

  /**
   * Changes the key, or ends a change that was interrupted.
   *
   * @param wanted the new key; null: a random one
   * @param chosen hears the new key before anything is changed
   * @throws UnusableKey when the wanted key cannot be it
   */
  public Done run(@Nullable SecretKey wanted, Consumer<SecretKey> chosen) {
    var state = await(shared.state());
    if (state.next() == null) {
      var next = wanted == null ? another() : usable(wanted);
      chosen.accept(next);
      state = announce(next);
    } else {
      chosen.accept(shared.ring().newest());
    }
    await(shared.taken(state));
    var next = shared.ring().newest();
    if (wanted != null && !wanted.equals(next)) {
      throw new UnusableKey(
          "The key is being changed to another one already. Repeat the command without a key: it"
              + " ends that change",
          null);
    }
    shared.place().keep(next);
    var behind = othersBehind();
    var mark = Objects.requireNonNull(state.next());
    if (!await(bus.ask(new KeyAsk.Fence(mark, SharedKey.check(next), next.id())))) {
      throw new UnusableKey("Another process has just ended this change of the key", null);
    }
    var resealed = 0;
    for (var what : Sealed.values()) {
      resealed += reseal(what);
    }
    await(bus.ask(new KeyAsk.Finish(mark)));
    return new Done(resealed, behind);
  }

  private KeyAsk.State announce(SecretKey next) {
    var mine = shared.ring().newest();
    return await(
        bus.ask(
            new KeyAsk.Announce(
                SharedKey.check(mine),
                mine.wrap(next),
                next.wrap(mine),
                new byte[] {mine.id(), next.id()})));
  }

  /** The first byte of a value tells the two keys apart. */
  private SecretKey another() {
    var next = SecretKey.random();
    while (next.id() == shared.ring().newest().id()) {
      next = SecretKey.random();
    }
    return next;
  }

  private SecretKey usable(SecretKey wanted) {
    var mine = shared.ring().newest();
    if (wanted.equals(mine)) {
      throw new UnusableKey("The new key is the one in use; nothing was changed", null);
    }
    if (wanted.id() == mine.id()) {
      throw new UnusableKey(
          "The new key cannot follow this one (one in 256 cannot); make another", null);
    }
    return wanted;
  }

  /** Waits for the others as long as they get; how many are left. */
  private int othersBehind() {
    var end = System.nanoTime() + patience.toNanos();
    while (true) {
      var behind = await(bus.ask(new KeyAsk.Behind()));
      if (behind == 0 || System.nanoTime() > end) {
        return behind;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private int reseal(Sealed what) {
    var changed = 0;
    UUID after = null;
    do {
      var page = await(bus.ask(new KeyAsk.Reseal(what, after)));
      changed += page.changed();
      after = page.last();
    } while (after != null);
    return changed;
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(STEP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(
          "The database does not answer; repeat the command, it goes on where it was", late);
    }
  }
}

package dev.runnel.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.bus.Bus;
import dev.runnel.bus.KeyAsk;
import dev.runnel.bus.KeyAsk.State;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret key as all processes on one database share it. While it is being changed, the database
 * holds each of the two keys sealed by the other, so that every process finds the one it does not
 * know, whichever it started with.
 */
public final class SharedKey {
  /** How often a process looks whether the key is being changed; one small query. */
  private static final long LOOK_MS = 1_000;

  /** Each takes up to some seconds where the database is slow. */
  private static final int TRIES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(SharedKey.class);

  private final Vertx vertx;
  private final Bus bus;
  private final KeyPlace place;
  private final KeyRing ring;
  private byte @Nullable [] taken;
  private boolean behind;

  /**
   * @param place where {@code mine} comes from and a new key goes to
   */
  public SharedKey(Vertx vertx, Bus bus, KeyPlace place, SecretKey mine) {
    this.vertx = vertx;
    this.bus = bus;
    this.place = place;
    this.ring = new KeyRing(mine);
  }

  /** The keys that this process knows. */
  public KeyRing ring() {
    return ring;
  }

  /** Where this process has its key from. */
  public KeyPlace place() {
    return place;
  }

  /**
   * Compares the key with the database's, which a first start leaves there, and from then on learns
   * of a new one by itself, within about a second. Fails with {@code UnusableKey} that says what to
   * do when the database belongs to another key.
   */
  public Future<Void> join() {
    var mine = ring.newest();
    return patiently(new KeyAsk.Join(check(mine), mine.id()), TRIES)
        .compose(this::taken)
        .onSuccess(_ -> vertx.setPeriodic(LOOK_MS, _ -> look()))
        .mapEmpty();
  }

  /** The first connection of a process on a busy host may take longer than any later one. */
  private Future<State> patiently(KeyAsk.Join question, int tries) {
    return bus.ask(question)
        .recover(failure ->
            failure instanceof Problem.Unavailable && tries > 1
                ? patiently(question, tries - 1)
                : Future.failedFuture(failure));
  }

  /** Looks once whether the key is being changed; whether that gave a key new to this process. */
  public Future<Boolean> learn() {
    var before = ring.newest();
    return state().compose(this::taken).map(_ -> !ring.newest().equals(before));
  }

  /** What the database says now. */
  Future<State> state() {
    return bus.ask(new KeyAsk.Look());
  }

  private void look() {
    learn()
        .onFailure(failure -> {
          if (failure instanceof UnusableKey) {
            sayOnce(failure);
          } else {
            LOG.debug("The database does not say which key is in use", failure);
          }
        });
  }

  /** The service that has slept through a change can go on with what needs no sealed value. */
  private synchronized void sayOnce(Throwable failure) {
    if (!behind) {
      behind = true;
      LOG.error("{}", failure.getMessage());
    }
  }

  /** Takes what the state leads to. */
  Future<State> taken(State state) {
    if (state.next() == null) {
      return Arrays.equals(state.check(), check(ring.newest()))
          ? Future.succeededFuture(state)
          : Future.failedFuture(wrongKey());
    }
    if (isTaken(state.next())) {
      return Future.succeededFuture(state);
    }
    return vertx
        .executeBlocking(
            () -> {
              take(state);
              return state;
            },
            true)
        .compose(_ -> bus.ask(new KeyAsk.Taken()))
        .map(_ -> {
          remember(state.next());
          return state;
        });
  }

  private synchronized boolean isTaken(byte[] next) {
    return Arrays.equals(taken, next);
  }

  private synchronized void remember(byte[] next) {
    taken = next;
  }

  /** Finds the other key of a change that is under way; the file has the new one afterwards. */
  private void take(State state) {
    var mine = ring.newest();
    var next = unwrapped(mine, Objects.requireNonNull(state.next()));
    if (next != null && isInUse(state, mine, next)) {
      ring.take(next);
      place.keep(next);
      if (place.isFile()) {
        LOG.info("The secret key was changed; {} has the new one", place.name());
      } else {
        LOG.warn(
            "The secret key was changed: give RUNNEL_SECRET_KEY the new one before the next start");
      }
      return;
    }
    var previous = unwrapped(mine, Objects.requireNonNull(state.previous()));
    if (previous == null || !isInUse(state, previous, mine)) {
      throw wrongKey();
    }
    ring.add(previous);
  }

  private static boolean isInUse(State state, SecretKey one, SecretKey other) {
    return Arrays.equals(state.check(), check(one)) || Arrays.equals(state.check(), check(other));
  }

  private static @Nullable SecretKey unwrapped(SecretKey key, byte[] wrapped) {
    try {
      return key.unwrap(wrapped);
    } catch (CannotOpen otherKey) {
      return null;
    }
  }

  static byte[] check(SecretKey key) {
    return key.checkValue().getBytes(US_ASCII);
  }

  private UnusableKey wrongKey() {
    return new UnusableKey(
        "This database belongs to another secret key than that of "
            + place.name()
            + ". Set RUNNEL_SECRET_KEY to the key of the service that made it, or copy its"
            + " secret.key to "
            + place.file().path()
            + "; after a rotate-key it is the new key",
        null);
  }
}

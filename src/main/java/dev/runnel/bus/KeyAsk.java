package dev.runnel.bus;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Questions about the secret key that all processes on one database share. The database never holds
 * a key, only its check value and, while it is being changed, each of the two keys sealed by the
 * other.
 */
public sealed interface KeyAsk<R> extends StoreAsk<R> {

  /**
   * What the database says about keys.
   *
   * @param check the check value of the key in use
   * @param next the new key, sealed by the one before it; null: no change is under way
   * @param previous the key before it, sealed by the new one; null together with {@code next}
   */
  record State(byte[] check, byte @Nullable [] next, byte @Nullable [] previous) {}

  /** What is stored sealed. */
  enum Sealed {
    SCRIPTS,
    RUNS
  }

  /** The state; the first who asks leaves the mark of its key, whose id is {@code id}. */
  record Join(byte[] check, byte id) implements KeyAsk<State> {}

  /** The state. */
  record Look() implements KeyAsk<State> {}

  /**
   * Begins a change, unless one is under way or the key in use is not that of {@code check}; from
   * here on values sealed by either key are stored. Answers the state after it.
   *
   * @param ids of both keys
   */
  record Announce(byte[] check, byte[] next, byte[] previous, byte[] ids)
      implements KeyAsk<State> {}

  /** This process knows the announced key now. */
  record Taken() implements KeyAsk<Boolean> {}

  /** How many processes are connected that have not said so. */
  record Behind() implements KeyAsk<Integer> {}

  /**
   * From here on values sealed by another key than the new one are refused. False when the change
   * of {@code next} is not under way any more.
   */
  record Fence(byte[] next, byte[] check, byte id) implements KeyAsk<Boolean> {}

  /** Seals a page of values anew that the newest key has not sealed. */
  record Reseal(Sealed what, @Nullable UUID after) implements KeyAsk<Resealed> {}

  /**
   * A page done.
   *
   * @param last where to go on; null: that was all
   */
  record Resealed(@Nullable UUID last, int changed) {}

  /** Ends the change: nothing in the database leads from one key to the other any more. */
  record Finish(byte[] next) implements KeyAsk<Boolean> {}
}

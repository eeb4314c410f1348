package dev.runnel.script;

import org.jspecify.annotations.Nullable;

/**
 * How the runs of a script share: with each other, and with those of other scripts.
 *
 * @param limit at most so many of its runs run at a time, on all nodes, the others wait; null: one
 *     for {@code single} and {@code queue}, as many as there are slots for {@code parallel}
 * @param key the limit holds for each value of this; null: for all runs of the script together
 * @param priority of waiting runs the highest goes first, then the oldest
 */
public record Turns(@Nullable Integer limit, @Nullable ConcurrencyKey key, int priority) {
  /** The largest limit. */
  public static final int MAX_LIMIT = 1_000;

  /** Priorities go from minus this to this. */
  public static final int MAX_PRIORITY = 100;

  /** No limit beside the script's concurrency, no preference. */
  public static final Turns DEFAULT = new Turns(null, null, 0);

  /**
   * A partial update; null keeps what is stored.
   *
   * @param limit zero: none
   * @param key the empty text: none; else as {@link ConcurrencyKey#wire} writes it
   */
  public record Change(@Nullable Integer limit, @Nullable String key, @Nullable Integer priority) {

    /** Everything stays as it is. */
    public static final Change NONE = new Change(null, null, null);
  }
}

package dev.runnel.run;

import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When a run may begin.
 *
 * @param lock of the runs that name it at most {@code limit} run at a time, on all nodes; null:
 *     only slots count
 * @param refuseWhenBusy fails with {@code Busy} instead of waiting for the lock
 * @param priority of waiting runs the highest goes first, then the oldest
 * @param patience how long it may wait; what waits longer ends with {@code queue_timeout}. Null:
 *     without limit
 */
public record Turn(
    @Nullable String lock,
    int limit,
    boolean refuseWhenBusy,
    int priority,
    @Nullable Duration patience) {

  /** Only slots count. */
  public static final Turn FREE = new Turn(null, 1, false, 0, null);

  /** What a run of this script has to wait for at this door. */
  static Turn of(
      Script script, Door door, List<String> args, Function<String, @Nullable String> header) {
    var turns = script.turns();
    var single = script.concurrency() == Concurrency.SINGLE;
    var unlimited = script.concurrency() == Concurrency.PARALLEL && turns.limit() == null;
    var limit = single || turns.limit() == null ? 1 : turns.limit();
    var lock = script.id().toString();
    if (turns.key() != null && !unlimited) {
      // A digest: keys may be long, and may be what nobody should read in a table.
      lock += "/" + RunRequest.sha256(turns.key().value(args, header)).substring(0, 32);
    }
    return new Turn(
        unlimited ? null : lock, limit, single && door == Door.ADMIN, turns.priority(), null);
  }
}

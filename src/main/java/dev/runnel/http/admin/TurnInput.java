package dev.runnel.http.admin;

import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.script.ConcurrencyKey;
import dev.runnel.script.Turns;
import org.jspecify.annotations.Nullable;

/**
 * {@code concurrencyLimit}, {@code concurrencyKey} and {@code priority}; whether they go with the
 * concurrency, the store knows.
 */
final class TurnInput {
  private TurnInput() {}

  /** Of a new definition. */
  static Turns of(Fields body) {
    var given = change(body);
    return new Turns(
        given.limit() == null || given.limit() == 0 ? null : given.limit(),
        given.key() == null || given.key().isEmpty() ? null : ConcurrencyKey.of(given.key()),
        given.priority() == null ? 0 : given.priority());
  }

  /** What a PUT changes; null takes a limit or a key away. */
  static Turns.Change change(Fields body) {
    return new Turns.Change(limit(body), key(body), priority(body));
  }

  /** Null: not given. */
  static @Nullable Integer priority(Fields body) {
    var given = body.integer("priority");
    return given == null
        ? null
        : within("priority", given, -Turns.MAX_PRIORITY, Turns.MAX_PRIORITY);
  }

  private static @Nullable Integer limit(Fields body) {
    if (!body.mentions("concurrencyLimit")) {
      return null;
    }
    var given = body.integer("concurrencyLimit");
    return given == null ? 0 : within("concurrencyLimit", given, 1, Turns.MAX_LIMIT);
  }

  private static @Nullable String key(Fields body) {
    if (!body.mentions("concurrencyKey")) {
      return null;
    }
    var given = body.text("concurrencyKey", "").strip();
    return given.isEmpty() ? "" : ConcurrencyKey.of(given).wire();
  }

  private static int within(String field, long given, int min, int max) {
    if (given < min || given > max) {
      throw new Problem.Invalid(field, field + " must be from " + min + " to " + max);
    }
    return (int) given;
  }
}

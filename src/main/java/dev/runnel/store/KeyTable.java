package dev.runnel.store;

import dev.runnel.bus.KeyAsk;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the settings say about the secret key, and the values that it has sealed. */
final class KeyTable {
  /** Three probes. */
  private static final String STATE =
      """
      SELECT (SELECT value FROM settings WHERE key = 'secret-key-check'),
             (SELECT value FROM settings WHERE key = 'secret-key-next'),
             (SELECT value FROM settings WHERE key = 'secret-key-previous')
      """;

  /** Two rows once in the life of a database. */
  private static final String JOIN =
      """
      WITH first AS (
        INSERT INTO settings (key, value) VALUES ('secret-key-check', $1)
        ON CONFLICT DO NOTHING
        RETURNING 1)
      INSERT INTO settings (key, value)
      SELECT 'secret-key-ids', $2
       WHERE EXISTS (SELECT FROM first)
          OR EXISTS (SELECT FROM settings WHERE key = 'secret-key-check' AND value = $1)
             AND NOT EXISTS (SELECT FROM settings WHERE key = 'secret-key-next')
      ON CONFLICT DO NOTHING
      """;

  /** Three rows; nothing when a change is under way or another key is in use. */
  private static final String ANNOUNCE =
      """
      WITH announced AS (
        INSERT INTO settings (key, value)
        SELECT 'secret-key-next', $2::bytea
          FROM settings WHERE key = 'secret-key-check' AND value = $1
        ON CONFLICT DO NOTHING
        RETURNING 1),
      forgotten AS (
        DELETE FROM settings
         WHERE key >= 'secret-key-taken ' AND key < 'secret-key-taken!'
           AND EXISTS (SELECT FROM announced))
      INSERT INTO settings (key, value)
      SELECT given.key, given.value
        FROM announced,
             (VALUES ('secret-key-previous', $3::bytea), ('secret-key-ids', $4::bytea))
               AS given (key, value)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated = now()
      """;

  /** One row. */
  private static final String TAKEN =
      """
      INSERT INTO settings (key, value) VALUES ('secret-key-taken ' || $1, '')
      ON CONFLICT DO NOTHING
      """;

  /**
   * One pass over the server's connections. $1 the asking process, $2 what all names begin with.
   */
  private static final String BEHIND =
      """
      SELECT count(DISTINCT application_name)::int
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND starts_with(application_name, $2) AND application_name <> $1
         AND NOT EXISTS (
           SELECT FROM settings WHERE key = 'secret-key-taken ' || application_name)
      """;

  /** Two rows, after every transaction that has passed the trigger has ended: see the migration. */
  private static final String FENCE =
      """
      WITH alone AS (
        SELECT pg_advisory_xact_lock(
                 (1382641230::bigint << 32) + 'settings'::regclass::oid::bigint)),
      given AS (
        SELECT $2::bytea AS mark, $3::bytea AS ids FROM alone
         WHERE EXISTS (SELECT FROM settings WHERE key = 'secret-key-next' AND value = $1))
      UPDATE settings
         SET value = CASE key WHEN 'secret-key-ids' THEN given.ids ELSE given.mark END,
             updated = now()
        FROM given
       WHERE key IN ('secret-key-ids', 'secret-key-check')
      RETURNING key
      """;

  /** A few rows. */
  private static final String FINISH =
      """
      DELETE FROM settings
       WHERE (key IN ('secret-key-next', 'secret-key-previous')
              OR key >= 'secret-key-taken ' AND key < 'secret-key-taken!')
         AND EXISTS (SELECT FROM settings WHERE key = 'secret-key-next' AND value = $1)
      RETURNING key
      """;

  private static final UUID BEFORE_ALL = new UUID(0, 0);
  private static final int PAGE_ROWS = 1_000;

  /** A row with its value, null: it has none. */
  private record Value(UUID id, @Nullable Buffer env) {}

  private final Database database;
  private final Sealer sealer;

  KeyTable(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  Future<?> answer(KeyAsk<?> question) {
    return switch (question) {
      case KeyAsk.Join(var check, var id) ->
          database
              .run(JOIN, Tuple.of(Buffer.buffer(check), Buffer.buffer(new byte[] {id})))
              .compose(_ -> state());
      case KeyAsk.Look() -> state();
      case KeyAsk.Announce(var check, var next, var previous, var ids) ->
          database
              .run(
                  ANNOUNCE,
                  Tuple.of(
                      Buffer.buffer(check),
                      Buffer.buffer(next),
                      Buffer.buffer(previous),
                      Buffer.buffer(ids)))
              .compose(_ -> state());
      case KeyAsk.Taken() -> database.run(TAKEN, Tuple.of(database.name())).map(true);
      case KeyAsk.Behind() ->
          database
              .list(
                  BEHIND,
                  Tuple.of(database.name(), database.namePrefix()),
                  row -> row.getInteger(0))
              .map(List::getFirst);
      case KeyAsk.Fence(var next, var check, var id) ->
          database
              .run(
                  FENCE,
                  Tuple.of(
                      Buffer.buffer(next), Buffer.buffer(check), Buffer.buffer(new byte[] {id})))
              .map(rows -> rows.size() > 0);
      case KeyAsk.Reseal(var what, var after) ->
          reseal(what.name().toLowerCase(Locale.ROOT), after);
      case KeyAsk.Finish(var next) ->
          database.run(FINISH, Tuple.of(Buffer.buffer(next))).map(rows -> rows.size() > 0);
    };
  }

  private Future<KeyAsk.State> state() {
    return database.list(STATE, Tuple.tuple(), KeyTable::state).map(List::getFirst);
  }

  private static KeyAsk.State state(Row row) {
    return new KeyAsk.State(
        row.getBuffer(0).getBytes(), bytes(row.getBuffer(1)), bytes(row.getBuffer(2)));
  }

  private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
    return buffer == null ? null : buffer.getBytes();
  }

  /** As many rows as the page is long, in the order of their ids. */
  private static String page(String table) {
    return "SELECT id, CASE WHEN length(env) > 0 THEN env END FROM "
        + table
        + " WHERE id > $1 ORDER BY id LIMIT $2";
  }

  /** One row version; nothing when the value has changed meanwhile. */
  private static String put(String table) {
    return "WITH changed AS (UPDATE "
        + table
        + " SET env = $3 WHERE id = $1 AND env = $2 RETURNING 1)"
        + " SELECT count(*)::int FROM changed";
  }

  private Future<KeyAsk.Resealed> reseal(String table, @Nullable UUID after) {
    return database
        .list(
            page(table),
            Tuple.of(after == null ? BEFORE_ALL : after, PAGE_ROWS),
            row -> new Value(row.getUUID(0), row.getBuffer(1)))
        .compose(page -> {
          var last = page.size() < PAGE_ROWS ? null : page.getLast().id();
          var changes = changes(page);
          return changes.isEmpty()
              ? Future.succeededFuture(new KeyAsk.Resealed(last, 0))
              : database
                  .each(put(table), changes, row -> row.getInteger(0))
                  .map(counts ->
                      new KeyAsk.Resealed(last, counts.stream().mapToInt(Integer::intValue).sum()));
        });
  }

  private List<Tuple> changes(List<Value> page) {
    var changes = new ArrayList<Tuple>();
    for (var value : page) {
      if (value.env() != null) {
        sealer
            .renewed(value.env().getBytes())
            .ifPresent(
                renewed -> changes.add(Tuple.of(value.id(), value.env(), Buffer.buffer(renewed))));
      }
    }
    return changes;
  }
}

package dev.runnel.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Small values that all nodes of one database share. */
final class SettingTable {
  /** One index probe. */
  private static final String FIND = "SELECT value FROM settings WHERE key = $1";

  /** One row at most; whoever comes second gets what the first one stored. */
  private static final String KEEP =
      """
      INSERT INTO settings AS known (key, value) VALUES ($1, $2)
      ON CONFLICT (key) DO UPDATE SET value = known.value
      RETURNING value
      """;

  /** One row. */
  private static final String PUT =
      """
      INSERT INTO settings (key, value) VALUES ($1, $2)
      ON CONFLICT (key) DO UPDATE SET value = $2, updated = now()
      RETURNING value
      """;

  private final Database database;

  SettingTable(Database database) {
    this.database = database;
  }

  Future<Optional<byte[]>> find(String key) {
    return database.first(FIND, Tuple.of(key), row -> row.getBuffer(0).getBytes());
  }

  Future<byte[]> keep(String key, byte[] value) {
    return write(KEEP, key, value);
  }

  Future<byte[]> put(String key, byte[] value) {
    return write(PUT, key, value);
  }

  private Future<byte[]> write(String sql, String key, byte[] value) {
    return database
        .list(sql, Tuple.of(key, Buffer.buffer(value)), row -> row.getBuffer(0).getBytes())
        .map(List::getFirst);
  }
}

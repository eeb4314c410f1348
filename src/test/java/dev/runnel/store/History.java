package dev.runnel.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;

/** Fills a schema of the embedded server with runs that ended within the last 29 days. */
public final class History {
  private static final int AT_A_TIME = 50_000;

  /** A UUIDv7 whose time lies so many seconds ago. */
  private static final String ID =
      """
      (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - ago * 1000::bigint), 12, '0')
         || '7' || substr(hash, 1, 3) || '8' || substr(hash, 5, 15))::uuid\
      """;

  /** The oldest first, as they would have come; one in 50 failed. */
  private static final String RUNS =
      """
      INSERT INTO runs (id, script_id, script_name, code_identifier, language, runner,
        content_version, sha256, args, env, working_directory, timeout_ms, door, trigger,
        actor_type, meta_door, status, reason, exit_code, created_at, started_at, finished_at,
        updated_at, last_seq, stdout_bytes, lines)
      SELECT %s, ?::uuid, 'n', 'n', 'bash', 'host', 1, repeat('a', 64), '{}', '', '', 1000,
             'bosbase', 'api', 'guest', 'bosbase',
             CASE WHEN n %% 50 = 0 THEN 'failed' ELSE 'succeeded' END,
             CASE WHEN n %% 50 = 0 THEN 'exit' END,
             CASE WHEN n %% 50 = 0 THEN 1 ELSE 0 END,
             ended, ended, ended, ended, 4, 3, 1
        FROM (SELECT n, md5(n::text) AS hash, ago, now() - ago * interval '1 second' AS ended
                FROM (SELECT n, (2505600 - n * 2505600 / ?::bigint)::bigint AS ago
                        FROM generate_series(?::bigint, ?::bigint) AS n) AS numbered) AS made
      """
          .formatted(ID);

  /** Four events for each run. */
  private static final String LOGS =
      """
      INSERT INTO run_log (run_id, seq, at, kind, data)
      SELECT id, seq, created_at, kind, data::bytea
        FROM runs,
             (VALUES (1, 3::smallint, '{"status":"running"}'), (2, 1::smallint, 'hi'),
                     (3, 3::smallint, '{"status":"succeeded","exitCode":0}'),
                     (4, 6::smallint, '{"status":"succeeded","exitCode":0}'))
               AS event (seq, kind, data)
       WHERE runs.script_id = ?::uuid
      """;

  private History() {}

  /** Stores so many runs of this script, with their events, and lets the server tidy up. */
  public static void fill(DatabaseAddress address, UUID script, int runs) throws SQLException {
    try (var connection = connect(address)) {
      try (var insert = connection.prepareStatement(RUNS)) {
        for (var from = 1; from <= runs; from += AT_A_TIME) {
          insert.setString(1, script.toString());
          insert.setLong(2, runs);
          insert.setLong(3, from);
          insert.setLong(4, Math.min(runs, from + AT_A_TIME - 1));
          insert.executeUpdate();
        }
      }
      try (var insert = connection.prepareStatement(LOGS)) {
        insert.setString(1, script.toString());
        insert.executeUpdate();
      }
    }
  }

  /** Statistics, dead rows and dirty pages as after a quiet hour. */
  public static void tidy(DatabaseAddress address) throws SQLException {
    try (var connection = connect(address);
        var statement = connection.createStatement()) {
      statement.execute("VACUUM (ANALYZE)");
      statement.execute("CHECKPOINT");
    }
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    var login = new Properties();
    login.put("user", address.user());
    login.put("password", address.password() == null ? "" : address.password());
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s?currentSchema=%s"
            .formatted(address.host(), address.port(), address.database(), address.schema()),
        login);
  }
}

package dev.runnel.store;

import dev.runnel.script.Language;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptVersion;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The contents of scripts over time, for those who take them elsewhere and back. */
final class VersionTable {
  /** One index range. */
  private static final String AFTER =
      """
      SELECT version, language, runner, text, sha256, created FROM script_versions
       WHERE script_id = $1 AND version > $2 ORDER BY version LIMIT $3
      """;

  /** One row of each, and one for each version. */
  private static final String RESTORE =
      """
      WITH written AS (
        INSERT INTO scripts (%1$s)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25)
        RETURNING *),
      kept AS (
        INSERT INTO script_versions (script_id, version, language, runner, text, sha256, created)
        SELECT written.id, version.*
          FROM written,
               unnest($26::bigint[], $27::text[], $28::text[], $29::text[], $30::text[],
                      $31::timestamptz[]) AS version)
      SELECT %1$s FROM written
      """
          .formatted(ScriptTable.COLUMNS);

  private final Database database;
  private final ScriptTable scripts;
  private final Supplier<UUID> ids;

  VersionTable(Database database, ScriptTable scripts, Supplier<UUID> ids) {
    this.database = database;
    this.scripts = scripts;
    this.ids = ids;
  }

  Future<List<ScriptVersion>> after(UUID id, long version, int limit) {
    return database.list(AFTER, Tuple.of(id, version, limit), VersionTable::version);
  }

  Future<Script> restore(ScriptHistory history) {
    var newest = history.newest();
    var versions = history.versions();
    var values =
        scripts
            .values(ids.get(), newest, Objects.requireNonNull(newest.codeIdentifier()))
            .addLong(history.revision())
            .addLong(versions.getLast().version())
            .addOffsetDateTime(Cells.at(history.created()))
            .addOffsetDateTime(Cells.at(history.updated()))
            .addArrayOfLong(versions.stream().map(ScriptVersion::version).toArray(Long[]::new))
            .addArrayOfString(texts(versions, version -> version.language().wire()))
            .addArrayOfString(texts(versions, version -> version.runner().wire()))
            .addArrayOfString(texts(versions, ScriptVersion::text))
            .addArrayOfString(texts(versions, ScriptVersion::sha256))
            .addArrayOfOffsetDateTime(
                versions.stream()
                    .map(version -> Cells.at(version.created()))
                    .toArray(OffsetDateTime[]::new));
    return database.list(RESTORE, values, scripts::script).map(List::getFirst);
  }

  private static String[] texts(
      List<ScriptVersion> versions, Function<ScriptVersion, String> column) {
    return versions.stream().map(column).toArray(String[]::new);
  }

  private static ScriptVersion version(Row row) {
    var cells = new Cells(row);
    return new ScriptVersion(
        cells.big(),
        cells.word(Language.class),
        cells.word(Runner.class),
        cells.text(),
        cells.text(),
        cells.instant());
  }
}

package dev.runnel.store;

import dev.runnel.bus.PermissionAsk;
import dev.runnel.problem.Problem;
import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import dev.runnel.script.Permission;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Who may execute what. */
final class PermissionTable {
  private static final String COLUMNS =
      "id, script_id, script_name, audience, version, created, updated";

  /** One index probe. */
  private static final String FIND =
      "SELECT " + COLUMNS + " FROM script_permissions WHERE script_name = $1";

  /** One index probe of each table; writes only where there is a script that was not known. */
  private static final String LINK =
      """
      UPDATE script_permissions p SET script_id = s.id
        FROM scripts s
       WHERE p.script_name = $1 AND p.script_id IS NULL AND s.name = $1
      RETURNING p.id, p.script_id, p.script_name, p.audience, p.version, p.created, p.updated
      """;

  /** The whole table, in the order of its index. */
  private static final String ALL =
      "SELECT " + COLUMNS + " FROM script_permissions ORDER BY script_name";

  /** One row and one probe of the scripts; of two at once the second one changes. */
  private static final String PUT =
      """
      INSERT INTO script_permissions AS known
             (id, script_id, script_name, audience, version, created, updated)
      VALUES ($1, coalesce($2::uuid, (SELECT s.id FROM scripts s WHERE s.name = $3)), $3, $4, 1,
              $5, $5)
      ON CONFLICT (script_name) DO UPDATE
         SET script_id = coalesce($2::uuid, known.script_id, EXCLUDED.script_id),
             audience = EXCLUDED.audience, version = known.version + 1, updated = $5
      RETURNING
      """
          + COLUMNS;

  /** Row lock by name; at most one probe of the scripts. */
  private static final String UPDATE =
      """
      UPDATE script_permissions
         SET script_id = coalesce($2::uuid, script_id,
               (SELECT s.id FROM scripts s WHERE s.name = coalesce($3::text, script_name))),
             script_name = coalesce($3::text, script_name),
             audience = coalesce($4::text, audience), version = version + 1, updated = $5
       WHERE script_name = $1
      RETURNING
      """
          + COLUMNS;

  /** One row. */
  private static final String DELETE =
      "DELETE FROM script_permissions WHERE script_name = $1 RETURNING id";

  /**
   * Always one row. Two probes of scripts at most, one of the permissions, and another one only for
   * a script that no permission names: of several that know its id the strictest counts.
   */
  private static final String TO_EXECUTE =
      """
      SELECT found.*,
             coalesce(
               (SELECT p.audience FROM script_permissions p
                 WHERE p.script_name = coalesce(found.name, $2)),
               (SELECT p.audience FROM script_permissions p WHERE p.script_id = found.id
                 ORDER BY p.audience = 'superuser' DESC, p.audience = 'user' DESC LIMIT 1))
               AS audience
        FROM (SELECT 1) AS always
        LEFT JOIN (SELECT %s FROM scripts WHERE name = ANY ($1)
                    ORDER BY array_position($1, name) LIMIT 1) AS found ON true
      """
          .formatted(ScriptTable.COLUMNS);

  private final Database database;
  private final ScriptTable scripts;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  PermissionTable(Database database, ScriptTable scripts, InstantSource clock, Supplier<UUID> ids) {
    this.database = database;
    this.scripts = scripts;
    this.clock = clock;
    this.ids = ids;
  }

  Future<Optional<Permission>> find(String name) {
    return database
        .first(FIND, Tuple.of(name), PermissionTable::permission)
        .compose(found ->
            found.isPresent() && found.get().scriptId() == null
                ? linked(name).map(linked -> linked.or(() -> found))
                : Future.succeededFuture(found));
  }

  private Future<Optional<Permission>> linked(String name) {
    return database.first(LINK, Tuple.of(name), PermissionTable::permission);
  }

  Future<List<Permission>> all() {
    return database.list(ALL, Tuple.tuple(), PermissionTable::permission);
  }

  Future<Permission> put(PermissionAsk.Put put) {
    var values =
        Tuple.of(ids.get(), put.scriptId(), put.name(), put.audience().wire())
            .addOffsetDateTime(Cells.at(clock.instant()));
    return database.list(PUT, values, PermissionTable::permission).map(List::getFirst);
  }

  Future<Permission> update(PermissionAsk.Update update) {
    var change = update.change();
    var values =
        Tuple.of(update.name(), change.scriptId(), change.name())
            .addString(change.audience() == null ? null : change.audience().wire())
            .addOffsetDateTime(Cells.at(clock.instant()));
    return database
        .first(UPDATE, values, PermissionTable::permission)
        .map(updated ->
            updated.orElseThrow(
                () -> new Problem.NotFound(Problem.Kind.PERMISSION, update.name())));
  }

  Future<Boolean> delete(String name) {
    return database.run(DELETE, Tuple.of(name)).map(rows -> rows.size() > 0);
  }

  Future<Executable> toExecute(List<String> names) {
    var values = Tuple.tuple().addArrayOfString(names.toArray(String[]::new));
    return database
        .first(TO_EXECUTE, values.addString(names.getFirst()), this::executable)
        .map(Optional::orElseThrow);
  }

  private Executable executable(Row row) {
    var isThere = row.getUUID(0) != null;
    return Executable.of(
        isThere ? Optional.of(scripts.script(row)) : Optional.empty(),
        Optional.ofNullable(row.getString("audience")).flatMap(Audience::of));
  }

  private static Permission permission(Row row) {
    var cells = new Cells(row);
    return new Permission(
        cells.uuid(),
        cells.uuidOrNull(),
        cells.text(),
        cells.word(Audience.class),
        cells.big(),
        cells.instant(),
        cells.instant());
  }
}

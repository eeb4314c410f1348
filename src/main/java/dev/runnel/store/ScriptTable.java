package dev.runnel.store;

import dev.runnel.problem.Problem;
import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scripts and every content they ever had. */
final class ScriptTable {
  static final String COLUMNS =
      """
      id, name, code_identifier, title, description, language, runner, text, working_directory, env,
      timeout_ms, enabled, concurrency, limit_cpu_seconds, limit_memory_bytes, limit_processes,
      limit_open_files, limit_file_size_bytes, concurrency_limit, concurrency_key, priority,
      revision, content_version, created, updated
      """;

  /** Each one index probe. */
  private static final String FIND = "SELECT " + COLUMNS + " FROM scripts WHERE name = $1";

  private static final String FIND_BY_ID = "SELECT " + COLUMNS + " FROM scripts WHERE id = $1";

  private static final String FIND_BY_CODE =
      "SELECT " + COLUMNS + " FROM scripts WHERE code_identifier = $1";

  /** The whole table with all texts. */
  private static final String ALL = "SELECT " + COLUMNS + " FROM scripts ORDER BY name";

  /** At most 64 index probes. */
  private static final String TAKEN =
      "SELECT code_identifier FROM scripts WHERE code_identifier = ANY ($1)";

  /** The newest content as a row of its own; nothing when it is there already. */
  private static final String KEEP_VERSION =
      """
      kept AS (
        INSERT INTO script_versions (script_id, version, language, runner, text, sha256, created)
        SELECT id, content_version, language, runner, text,
               encode(sha256(convert_to(text, 'UTF8')), 'hex'), updated
          FROM written
        ON CONFLICT DO NOTHING)
      """;

  /** Two rows, four index entries. */
  private static final String CREATE =
      "WITH written AS (INSERT INTO scripts ("
          + COLUMNS
          + """
          ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                    $19, $20, $21, 1, 1, $22, $22)
          RETURNING *),
          """
          + KEEP_VERSION
          + " SELECT "
          + COLUMNS
          + " FROM written";

  /** Row lock by id; both counters rise here and nowhere else. */
  private static final String UPDATE =
      """
      WITH written AS (
        UPDATE scripts
           SET revision = revision + 1,
               content_version = content_version
                 + (text IS DISTINCT FROM coalesce($7::text, text)
                    OR language <> coalesce($5::text, language)
                    OR runner <> coalesce($6::text, runner))::int,
               code_identifier = coalesce($2::text, code_identifier),
               title = coalesce($3::text, title),
               description = coalesce($4::text, description),
               language = coalesce($5::text, language),
               runner = coalesce($6::text, runner),
               text = coalesce($7::text, text),
               working_directory = coalesce($8::text, working_directory),
               env = coalesce($9::bytea, env),
               timeout_ms = nullif(coalesce($10::bigint, timeout_ms), 0),
               enabled = coalesce($11::boolean, enabled),
               concurrency = coalesce($12::text, concurrency),
               limit_cpu_seconds = CASE WHEN $13 THEN $14 ELSE limit_cpu_seconds END,
               limit_memory_bytes = CASE WHEN $13 THEN $15 ELSE limit_memory_bytes END,
               limit_processes = CASE WHEN $13 THEN $16 ELSE limit_processes END,
               limit_open_files = CASE WHEN $13 THEN $17 ELSE limit_open_files END,
               limit_file_size_bytes = CASE WHEN $13 THEN $18 ELSE limit_file_size_bytes END,
               concurrency_limit = nullif(coalesce($19::smallint, concurrency_limit), 0),
               concurrency_key = nullif(coalesce($20::text, concurrency_key), ''),
               priority = coalesce($21::smallint, priority),
               updated = $22
         WHERE id = $1 AND content_version = coalesce($23::bigint, content_version)
        RETURNING *),
      """
          + KEEP_VERSION
          + " SELECT "
          + COLUMNS
          + " FROM written";

  /**
   * The script, its versions by cascade, its permissions by two index probes, and one pass over the
   * runs that have not ended: they keep the text they were accepted with.
   */
  private static final String DELETE =
      """
      WITH gone AS (DELETE FROM scripts WHERE id = $1 RETURNING id, name),
      revoked AS (
        DELETE FROM script_permissions WHERE id IN (
          SELECT p.id FROM gone JOIN script_permissions p ON p.script_name = gone.name
          UNION
          SELECT p.id FROM gone JOIN script_permissions p ON p.script_id = gone.id)),
      kept AS (
        UPDATE runs r SET text = v.text
          FROM gone, script_versions v
         WHERE r.id IN (%s) AND r.script_id = gone.id AND r.status IN ('queued', 'running')
           AND v.script_id = gone.id AND v.version = r.content_version)
      SELECT id FROM gone
      """
          .formatted(RunTable.ACTIVE);

  private static final int CANDIDATES = 64;

  private final Database database;
  private final SealedEnv env;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  ScriptTable(Database database, SealedEnv env, InstantSource clock, Supplier<UUID> ids) {
    this.database = database;
    this.env = env;
    this.clock = clock;
    this.ids = ids;
  }

  Future<Optional<Script>> find(String name) {
    return database.first(FIND, Tuple.of(name), this::script);
  }

  Future<Optional<Script>> find(UUID id) {
    return database.first(FIND_BY_ID, Tuple.of(id), this::script);
  }

  Future<Optional<Script>> findByCode(String codeIdentifier) {
    return database.first(FIND_BY_CODE, Tuple.of(codeIdentifier), this::script);
  }

  Future<List<Script>> all() {
    return database.list(ALL, Tuple.tuple(), this::script);
  }

  Future<Script> create(ScriptDraft draft) {
    return draft.codeIdentifier() != null
        ? create(draft, draft.codeIdentifier())
        : createDerived(draft, CodeIdentifier.derived(draft.name()), 1);
  }

  /** Tries {@code base}, then {@code base-2}, {@code base-3}… until one is free. */
  private Future<Script> createDerived(ScriptDraft draft, String base, int n) {
    return create(draft, n == 1 ? base : CodeIdentifier.numbered(base, n))
        .recover(failure ->
            failure instanceof Problem.Taken taken && taken.field().equals("codeIdentifier")
                ? firstFree(base, n + 1).compose(free -> createDerived(draft, base, free))
                : Future.failedFuture(failure));
  }

  private Future<Integer> firstFree(String base, int from) {
    var numbers = IntStream.range(from, from + CANDIDATES).boxed().toList();
    var names = numbers.stream().map(n -> CodeIdentifier.numbered(base, n)).toArray(String[]::new);
    return database
        .list(TAKEN, Tuple.tuple().addArrayOfString(names), row -> row.getString(0))
        .compose(found -> {
          var taken = new HashSet<>(found);
          return numbers.stream()
              .filter(n -> !taken.contains(CodeIdentifier.numbered(base, n)))
              .findFirst()
              .map(Future::succeededFuture)
              .orElseGet(() -> firstFree(base, from + CANDIDATES));
        });
  }

  private Future<Script> create(ScriptDraft draft, String codeIdentifier) {
    var values =
        values(ids.get(), draft, codeIdentifier).addOffsetDateTime(Cells.at(clock.instant()));
    return database.list(CREATE, values, this::script).map(List::getFirst);
  }

  /** The first 21 columns. */
  Tuple values(UUID id, ScriptDraft draft, String codeIdentifier) {
    var values =
        Tuple.of(id, draft.name(), codeIdentifier)
            .addString(draft.title() == null ? draft.name() : draft.title())
            .addString(draft.description())
            .addString(draft.language().wire())
            .addString(draft.runner().wire())
            .addString(draft.text())
            .addString(draft.workingDirectory())
            .addBuffer(env.seal(draft.env()))
            .addLong(millis(draft.timeout()))
            .addBoolean(draft.enabled())
            .addString(draft.concurrency().wire());
    var turns = draft.turns();
    return addLimits(values, draft.limits())
        .addInteger(turns.limit())
        .addString(turns.key() == null ? null : turns.key().wire())
        .addInteger(turns.priority());
  }

  Future<Script> update(UUID id, ScriptChange change) {
    var values =
        Tuple.of(id, change.codeIdentifier(), change.title(), change.description())
            .addString(change.language() == null ? null : change.language().wire())
            .addString(change.runner() == null ? null : change.runner().wire())
            .addString(change.text())
            .addString(change.workingDirectory())
            .addBuffer(change.env() == null ? null : env.seal(change.env()))
            .addLong(millis(change.timeout()))
            .addBoolean(change.enabled())
            .addString(change.concurrency() == null ? null : change.concurrency().wire())
            .addBoolean(change.limits() != null);
    addLimits(values, change.limits() == null ? Limits.DEFAULT : change.limits())
        .addInteger(change.turns().limit())
        .addString(change.turns().key())
        .addInteger(change.turns().priority())
        .addOffsetDateTime(Cells.at(clock.instant()))
        .addLong(change.expectedVersion());
    return database
        .first(UPDATE, values, this::script)
        .compose(
            written -> written.map(Future::succeededFuture).orElseGet(() -> missed(id, change)));
  }

  private Future<Script> missed(UUID id, ScriptChange change) {
    return find(id)
        .compose(found ->
            Future.failedFuture(
                found.isPresent() && change.expectedVersion() != null
                    ? new Problem.Stale(change.expectedVersion(), found.get().contentVersion())
                    : new Problem.NotFound(Problem.Kind.SCRIPT, id.toString())));
  }

  Future<Boolean> delete(UUID id) {
    return database.run(DELETE, Tuple.of(id)).map(rows -> rows.size() > 0);
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  static Tuple addLimits(Tuple values, Limits limits) {
    return values
        .addLong(limits.cpuSeconds())
        .addLong(limits.memoryBytes())
        .addLong(limits.processes())
        .addLong(limits.openFiles())
        .addLong(limits.fileSizeBytes());
  }

  Script script(Row row) {
    var cells = new Cells(row);
    return new Script(
        cells.uuid(),
        cells.text(),
        cells.text(),
        cells.text(),
        cells.text(),
        cells.word(Language.class),
        cells.word(Runner.class),
        cells.text(),
        cells.text(),
        env.open(cells.bytes()),
        cells.millisOrNull(),
        cells.flag(),
        cells.word(Concurrency.class),
        cells.limits(),
        cells.turns(),
        cells.big(),
        cells.big(),
        cells.instant(),
        cells.instant());
  }
}

package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Runs;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Run;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunStatus;
import dev.runnel.run.Tails;
import dev.runnel.run.Trigger;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/admin/scripts/runs}: records of runs. */
final class RunRoutes {
  /** Bytes of output that a record shows. */
  private static final int TAIL = 64 * 1024;

  private static final int LISTED_TAIL = 4 * 1024;
  private static final int LISTED = 50;
  private static final int MAX_LISTED = 200;

  private final Runs runs;

  private RunRoutes(Runs runs) {
    this.runs = runs;
  }

  static void mount(Routes routes, Runs runs) {
    var here = new RunRoutes(runs);
    routes.get(AdminDoor.BASE + "/runs", SUPERUSER, here::list);
    routes.get(AdminDoor.BASE + "/runs/:runId", SUPERUSER, here::view);
    routes.post(AdminDoor.BASE + "/runs/:runId/cancel", SUPERUSER, here::cancel);
  }

  record Item(RunWire item) {}

  record Items(List<RunWire> items, @Nullable String nextCursor) {}

  record Cancelled(String runId, String status) {}

  /** The record of a run that exists; fails with {@code NotFound}. */
  static Future<RunWire> record(Runs runs, UUID id) {
    return runs.get(id)
        .compose(run ->
            runs.lastOutput(List.of(id), TAIL)
                .map(tails -> RunWire.of(run, tails.getOrDefault(id, Tails.NONE), TAIL)));
  }

  private Future<Answer> list(Call call) {
    var script = call.query("scriptId");
    var scriptId = script == null ? null : Ids.uuid(script).orElse(null);
    var cursor = Cursor.of(call);
    var limit = QueryNumber.of(call, "limit", 1, MAX_LISTED, LISTED);
    var query =
        new RunQuery(
            scriptId,
            word(call, "status", RunStatus.values()),
            word(call, "trigger", Trigger.values()),
            before(call.query("before")),
            cursor == null ? null : cursor.id(),
            // One more shows whether there is a next page.
            limit + 1);
    if (script != null && scriptId == null) {
      return Future.succeededFuture(Answer.ok(new Items(List.of(), null)));
    }
    return runs.search(query)
        .compose(found ->
            found.size() > limit ? page(found.subList(0, limit), true) : page(found, false));
  }

  private Future<Answer> page(List<Run> found, boolean more) {
    var next = more ? new Cursor(found.getLast().createdAt(), found.getLast().id()).text() : null;
    return runs.lastOutput(found.stream().map(Run::id).toList(), LISTED_TAIL)
        .map(tails ->
            Answer.ok(
                new Items(
                    found.stream()
                        .map(run ->
                            RunWire.of(run, tails.getOrDefault(run.id(), Tails.NONE), LISTED_TAIL))
                        .toList(),
                    next)));
  }

  private Future<Answer> view(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("runId"));
    return record(runs, id).map(item -> Answer.ok(new Item(item)));
  }

  private Future<Answer> cancel(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("runId"));
    return runs.cancel(id)
        .map(status ->
            Answer.json(
                status.isTerminal() ? 200 : 202, new Cancelled(id.toString(), status.wire())));
  }

  private static <E extends Enum<E>> @Nullable E word(Call call, String name, E[] values) {
    var given = call.query(name);
    return given == null ? null : Words.of(name, given, values);
  }

  private static @Nullable Instant before(@Nullable String given) {
    if (given == null) {
      return null;
    }
    try {
      return Instant.parse(given);
    } catch (DateTimeParseException notATime) {
      throw new Problem.Invalid("before", "before must be a time such as 2026-01-02T03:04:05Z");
    }
  }
}

package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Runs;
import dev.runnel.config.HttpOptions;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What runs do, as it happens: {@code /runs/:runId/stream}. */
final class LogRoutes {
  private static final long BEYOND = Long.MAX_VALUE / 2;

  private static final Map<String, String> STREAM_HEADERS =
      Map.of(
          "Content-Type", "text/event-stream; charset=utf-8",
          "Cache-Control", "no-cache, no-transform",
          "X-Accel-Buffering", "no");

  /** How far back a torn character is looked for when a follower comes back, in events. */
  private static final int LOOK_BACK = 4;

  private final Runs runs;
  private final HttpOptions options;

  private LogRoutes(Runs runs, HttpOptions options) {
    this.runs = runs;
    this.options = options;
  }

  static void mount(Routes routes, Runs runs, HttpOptions options) {
    var here = new LogRoutes(runs, options);
    routes.get(AdminDoor.BASE + "/runs/:runId/stream", SUPERUSER, here::stream);
  }

  private Future<Answer> stream(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("runId"));
    var since = Math.max(seq(call.query("since")), seq(call.header("Last-Event-ID")));
    return runs.eventsAfter(id, since, RunStream.PAGE_BYTES, Duration.ZERO)
        .compose(first ->
            first.events().isEmpty() && first.ended() ? over(id, since) : live(id, since, first));
  }

  private Future<Answer> live(UUID id, long since, Page first) {
    return seen(id, since).map(seen -> answer(id, since, first, seen));
  }

  /** Nothing left to send: at the end already, or the events are gone and the record is not. */
  private Future<Answer> over(UUID id, long since) {
    return runs.get(id)
        .map(run ->
            since >= run.lastSeq()
                ? Answer.nothing()
                : answer(id, since, remembered(run, since), Page.NOTHING_YET));
  }

  private Answer answer(UUID id, long since, Page first, Page seen) {
    var frames = new Frames();
    frames.resume(seen, since);
    return new Answer.Stream(
        200,
        STREAM_HEADERS,
        sink -> new RunStream(runs, id, sink, frames, options.pingInterval(), since).begin(first));
  }

  private Future<Page> seen(UUID id, long since) {
    return since == 0
        ? Future.succeededFuture(Page.NOTHING_YET)
        : runs.eventsAfter(id, Math.max(0, since - LOOK_BACK), RunStream.PAGE_BYTES, Duration.ZERO);
  }

  /** What the record still knows of a run without events, numbered up to its last number. */
  private static Page remembered(Run run, long since) {
    var at = run.finishedAt() == null ? run.updatedAt() : run.finishedAt();
    var exitCode = run.outcome() == null ? null : run.outcome().exitCode();
    var last = run.lastSeq();
    var events = new ArrayList<RunEvent>();
    if (run.value() != null) {
      events.add(new RunEvent.Result(last - 2, at, run.value()));
    }
    events.add(new RunEvent.Status(last - 1, at, run.status(), exitCode));
    events.add(new RunEvent.Done(last, at, run.status(), exitCode, run.totals()));
    return new Page(events.stream().filter(event -> event.seq() > since).toList(), true);
  }

  /** A position; what is none counts as the beginning. */
  static long seq(@Nullable String given) {
    if (given == null || !given.strip().matches("[0-9]+")) {
      return 0;
    }
    // Past every end, and far from where adding to it would overflow.
    return given.strip().length() > 18 ? BEYOND : Long.parseLong(given.strip());
  }
}

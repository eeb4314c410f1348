package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.bus.Runs;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.http.Start;
import dev.runnel.http.Starts;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.Trigger;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /:id/run} starts a definition, {@code /runs/:runId/rerun} what a run has run. */
final class StartRoutes {
  private final Definitions find;
  private final Runs runs;
  private final Starts starts;
  private final Duration doorTimeout;
  private final Duration longest;

  private StartRoutes(Definitions find, Runs runs, Starts starts, Options options) {
    this.find = find;
    this.runs = runs;
    this.starts = starts;
    this.doorTimeout = options.execution().adminTimeout();
    this.longest = options.limit().timeMax();
  }

  static void mount(Routes routes, Definitions find, Runs runs, Starts starts, Options options) {
    var here = new StartRoutes(find, runs, starts, options);
    routes.post(AdminDoor.BASE + "/:id/run", SUPERUSER, here::run);
    routes.post(AdminDoor.BASE + "/runs/:runId/rerun", SUPERUSER, here::rerun);
  }

  /** {@code item} is there when the caller wants to wait: the record after the wait. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Started(String runId, String streamUrl, @Nullable RunWire item) {

    static Started of(Run run, @Nullable RunWire item) {
      var id = run.id().toString();
      return new Started(id, AdminDoor.BASE + "/runs/" + id + "/stream", item);
    }
  }

  private Future<Answer> run(Call call) {
    var input = RunInput.of(call.bodyIfJson(), longest);
    return starts
        .of(call, _ -> find.named(call.path("id")).map(script -> request(script, input, call)))
        .compose(start -> answer(start, input.patience(), call));
  }

  private RunRequest request(Script script, RunInput input, Call call) {
    switch (script.runner()) {
      case HOST -> {}
      case BROWSER -> throw Refuse.browserScript();
      case VM2 ->
          throw new Problem.Invalid(
              "runner", "runner " + Runner.VM2.wire() + " is not built yet; use runner host");
    }
    return input.turned(
        RunRequest.of(
            script,
            Door.ADMIN,
            Trigger.MANUAL,
            input.args(),
            null,
            input.env(),
            input.timeout(),
            doorTimeout,
            call.meta(Door.ADMIN),
            call::header));
  }

  private Future<Answer> rerun(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("runId"));
    return starts
        .of(call, _ -> runs.get(id).compose(run -> again(run, call)))
        .compose(start -> answer(start, Duration.ZERO, call));
  }

  private Future<RunRequest> again(Run run, Call call) {
    if (!run.status().isTerminal()) {
      throw Refuse.stillActive(run);
    }
    var script =
        run.scriptId() == null
            ? Future.succeededFuture(Optional.<Script>empty())
            : find.scripts().find(run.scriptId());
    return script.compose(found ->
        runs.invocation(run.id())
            .map(invocation ->
                RunRequest.again(
                    run,
                    found.orElse(null),
                    invocation.orElseThrow(Refuse::textIsGone),
                    Trigger.MANUAL,
                    call.meta(Door.ADMIN),
                    call::header)));
  }

  /** {@code Prefer: wait} wins over the body's; only the former knows 202. */
  private Future<Answer> answer(Start start, Duration bodyPatience, Call call) {
    var preferred = start.patience();
    var patience = preferred == null ? bodyPatience : preferred;
    if (preferred == null && patience.isZero()) {
      return Future.succeededFuture(start.marked(plain(start.run())));
    }
    return starts
        .endsWithin(patience, start, call)
        .compose(ended ->
            ended || preferred != null
                ? starts.refusable(start, withRecord(start.run(), ended ? 200 : 202))
                : Future.succeededFuture(plain(start.run())))
        .map(start::marked);
  }

  private static Answer plain(Run run) {
    return Answer.ok(Started.of(run, null));
  }

  private Future<Answer> withRecord(Run run, int status) {
    return RunRoutes.record(runs, run.id())
        .compose(item ->
            Reason.QUEUE_TIMEOUT.wire().equals(item.reason())
                ? starts.missedTurn()
                : Future.succeededFuture(Answer.json(status, Started.of(run, item))));
  }
}

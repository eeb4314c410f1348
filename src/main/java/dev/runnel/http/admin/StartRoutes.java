package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.bus.Runs;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.Trigger;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code /api/admin/scripts/:id/run}: starts a definition. */
final class StartRoutes {
  private final Definitions find;
  private final Runs runs;
  private final Duration doorTimeout;
  private final Duration longest;

  private StartRoutes(Definitions find, Runs runs, Options options) {
    this.find = find;
    this.runs = runs;
    this.doorTimeout = options.execution().adminTimeout();
    this.longest = options.limit().timeMax();
  }

  static void mount(Routes routes, Definitions find, Runs runs, Options options) {
    var here = new StartRoutes(find, runs, options);
    routes.post(AdminDoor.BASE + "/:id/run", SUPERUSER, here::start);
  }

  /** {@code item} is there when the caller waited and the run has ended. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Started(String runId, String streamUrl, @Nullable RunWire item) {

    static Started of(Run run, @Nullable RunWire item) {
      var id = run.id().toString();
      return new Started(id, AdminDoor.BASE + "/runs/" + id + "/stream", item);
    }
  }

  private Future<Answer> start(Call call) {
    var input = RunInput.of(call.bodyIfJson(), longest);
    return find.named(call.path("id"))
        .compose(script -> runs.submit(request(script, input, call)))
        .compose(run -> input.patience().isZero() ? started(run) : waited(run, input.patience()));
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

  private static Future<Answer> started(Run run) {
    return Future.succeededFuture(Answer.ok(Started.of(run, null)));
  }

  private Future<Answer> waited(Run run, Duration patience) {
    return RunWait.forEnd(runs, run.id(), patience)
        .compose(ended -> ended ? withItem(run) : started(run));
  }

  private Future<Answer> withItem(Run run) {
    return RunRoutes.record(runs, run.id()).map(item -> Answer.ok(Started.of(run, item)));
  }
}

package dev.runnel.http.bosbase;

import dev.runnel.account.Role;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.EndedRun;
import dev.runnel.http.Routes;
import dev.runnel.http.RunEnd;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/scripts/…/execute}: runs a script, now or in the background. Open to everybody here:
 * the script decides who may ({@link ExecuteRight}).
 */
final class ExecuteRoutes {
  private final Scripts scripts;
  private final Runs runs;
  private final Options options;

  private ExecuteRoutes(Scripts scripts, Runs runs, Options options) {
    this.scripts = scripts;
    this.runs = runs;
    this.options = options;
  }

  static void mount(Routes routes, Scripts scripts, Runs runs, Options options) {
    var here = new ExecuteRoutes(scripts, runs, options);
    routes.post("/api/scripts/:name/execute", Role.GUEST, here::execute);
    routes.post("/api/scripts/async/:name/execute", Role.GUEST, here::start);
  }

  private Future<Answer> execute(Call call) {
    var execution = options.execution();
    return submitted(call, execution.syncTimeout(), execution.slotTimeout())
        .compose(run -> {
          if (call.cancelsWhenGone()) {
            // The run may just have ended by itself: then there is nothing to cancel.
            call.gone().onSuccess(_ -> runs.cancelByClient(run.id()));
          }
          return ended(run, call)
              .compose(this::output)
              .map(answer -> answer.with("X-Run-Id", run.id().toString()));
        });
  }

  private Future<Answer> start(Call call) {
    return submitted(call, options.execution().asyncTimeout(), null)
        .map(run -> Answer.json(202, new JobWire.Started(run.id().toString(), "running")));
  }

  /** {@code patience} is how long the run may wait for its turn; null: without limit. */
  private Future<Run> submitted(Call call, Duration timeout, @Nullable Duration patience) {
    var name = ScriptName.checked(call.path("name"));
    ExecuteRight.check(call.principal());
    var input = ExecuteInput.of(call.body());
    return resolved(name)
        .compose(script -> {
          check(script, input);
          var request =
              RunRequest.of(
                  script,
                  Door.BOSBASE,
                  Trigger.API,
                  input.arguments(),
                  input.function(),
                  List.of(),
                  null,
                  timeout,
                  call.meta(Door.BOSBASE),
                  call::header);
          return runs.submit(patience == null ? request : request.waitingAtMost(patience));
        });
  }

  /** {@code add} also finds {@code add.py}, unless there is an {@code add}. */
  private Future<Script> resolved(String name) {
    var withExtension = name + ".py";
    var fits = withExtension.getBytes(StandardCharsets.UTF_8).length <= ScriptName.MAX_BYTES;
    return scripts
        .find(name)
        .compose(found ->
            found.isPresent() || !fits
                ? Future.succeededFuture(found)
                : scripts.find(withExtension))
        .map(found -> found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.SCRIPT, name)));
  }

  private static void check(Script script, ExecuteInput input) {
    if (script.language() == Language.BROWSER) {
      throw new Problem.Invalid("language", "Browser scripts run only in a page.");
    }
    if (input.function() != null && script.language() != Language.PYTHON) {
      throw new Problem.Invalid("function", "Only python scripts take a function_name.");
    }
  }

  private Future<EndedRun> ended(Run run, Call call) {
    return RunEnd.of(runs, run.id(), options.log().cap(), call.gone());
  }

  private Future<Answer> output(EndedRun ended) {
    if (ended.status() == RunStatus.SUCCEEDED) {
      return Future.succeededFuture(Answer.ok(ExecutionWire.of(ended)));
    }
    if (ended.waitedTooLong()) {
      return runs.load()
          .compose(load ->
              Future.failedFuture(
                  new Problem.QueueFull("The run's turn did not come in time", load.queueWait())));
    }
    return runs.find(ended.id())
        // What the run printed is worth more than why exactly it failed.
        .recover(_ -> Future.succeededFuture(Optional.empty()))
        .map(record -> Refuse.failedScript(ExecutionWire.Failed.of(ended, record)).answer());
  }
}

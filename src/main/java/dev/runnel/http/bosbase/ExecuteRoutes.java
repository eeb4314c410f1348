package dev.runnel.http.bosbase;

import dev.runnel.account.Role;
import dev.runnel.bus.Runs;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.http.Start;
import dev.runnel.http.Starts;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.RunRequest;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptName;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/scripts/…/execute}: runs a script, now or in the background. Open to everybody here:
 * the script decides who may ({@link ExecuteRight}).
 */
final class ExecuteRoutes {
  private final ExecuteRight right;
  private final Runs runs;
  private final JobRoutes jobs;
  private final Starts starts;
  private final RunAnswer ends;
  private final Options options;

  ExecuteRoutes(ExecuteRight right, Runs runs, JobRoutes jobs, Options options) {
    this.right = right;
    this.runs = runs;
    this.jobs = jobs;
    this.starts = new Starts(runs, options.http());
    this.ends = new RunAnswer(runs, starts, options.log().readable(), Refuse::failedScript);
    this.options = options;
  }

  void mount(Routes routes) {
    routes.post("/api/scripts/:name/execute", Role.GUEST, this::execute);
    routes.post("/api/scripts/async/:name/execute", Role.GUEST, this::start);
  }

  private Future<Answer> execute(Call call) {
    var execution = options.execution();
    return started(call, execution.syncTimeout(), execution.slotTimeout())
        .compose(start -> ends.of(start, call));
  }

  /** What the run answers at its end: JSON. */
  Future<Answer> answer(Start start, Call call) {
    return ends.atTheEnd(start, call);
  }

  private Future<Answer> start(Call call) {
    return started(call, options.execution().asyncTimeout(), null)
        .compose(start -> starts.background(start, call, accepted(start), () -> job(start, call)));
  }

  private Future<Answer> job(Start start, Call call) {
    return runs.get(start.run().id()).compose(run -> jobs.answer(run, call));
  }

  private static Answer accepted(Start start) {
    return Answer.json(202, JobState.Started.of(start.run()));
  }

  /**
   * Starts what the call asks for.
   *
   * @param queueLimit how long the run may wait for its turn while the caller waits for its end;
   *     null, and for who said how long it will wait: without limit
   */
  private Future<Start> started(Call call, Duration timeout, @Nullable Duration queueLimit) {
    var name = ScriptName.checked(call.path("name"));
    return right
        .script(call.principal(), name)
        .compose(admitted -> {
          var input = ExecuteInput.of(call.body());
          return starts.of(
              call,
              preferences ->
                  admitted
                      .script()
                      .map(script -> {
                        var request = request(script, input, timeout, call);
                        return queueLimit == null || preferences.patience() != null
                            ? request
                            : request.waitingAtMost(queueLimit);
                      }));
        });
  }

  /** Starts this for a caller who stays until its end. */
  Future<Start> startedFor(Call call, ExecuteInput input, Supplier<Future<Script>> script) {
    var execution = options.execution();
    return starts.staying(
        call,
        input.digest(),
        () ->
            script
                .get()
                .map(found ->
                    request(found, input, execution.syncTimeout(), call)
                        .waitingAtMost(execution.slotTimeout())));
  }

  /** The JSON body of what an execution answered. */
  static Object body(Answer answer) {
    return switch (answer) {
      case Answer.Json json -> json.body();
      case Answer.Empty _, Answer.Stream _, Answer.Upgrade _ ->
          throw new IllegalArgumentException("An execution answers JSON");
    };
  }

  private static RunRequest request(
      Script script, ExecuteInput input, Duration timeout, Call call) {
    check(script, input);
    return RunRequest.of(
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
  }

  private static void check(Script script, ExecuteInput input) {
    if (script.language() == Language.BROWSER) {
      throw new Problem.Invalid("language", "Browser scripts run only in a page.");
    }
    if (input.function() != null && script.language() != Language.PYTHON) {
      throw new Problem.Invalid("function", "Only python scripts take a function_name.");
    }
  }
}

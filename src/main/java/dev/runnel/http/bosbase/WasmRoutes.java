package dev.runnel.http.bosbase;

import dev.runnel.account.Principal;
import dev.runnel.account.Role;
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
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.WasmCall;
import dev.runnel.script.Language;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/scripts/wasm}: runs a module that lies in {@code EXECUTE_PATH}, now or in the
 * background. Open to everybody here: the module's name decides who may.
 */
final class WasmRoutes {
  private final Runs runs;
  private final ExecuteRight right;
  private final Starts starts;
  private final RunAnswer ends;
  private final Options options;

  private WasmRoutes(Runs runs, ExecuteRight right, Options options) {
    this.runs = runs;
    this.right = right;
    this.starts = new Starts(runs, options.http());
    this.ends = new RunAnswer(runs, starts, options.log().readable(), Refuse::failedModule);
    this.options = options;
  }

  static void mount(Routes routes, Runs runs, ExecuteRight right, Options options) {
    var here = new WasmRoutes(runs, right, options);
    routes.post("/api/scripts/wasm", Role.GUEST, here::execute);
    routes.post("/api/scripts/wasm/async", Role.GUEST, here::start);
    routes.get("/api/scripts/wasm/async/:id", Role.GUEST, here::status);
  }

  private Future<Answer> execute(Call call) {
    return started(call, options.execution().slotTimeout()).compose(start -> ends.of(start, call));
  }

  private Future<Answer> start(Call call) {
    return started(call, null)
        .compose(start -> {
          var accepted = Answer.json(202, JobState.Started.of(start.run()));
          return starts.background(start, call, accepted, () -> job(start, call));
        });
  }

  private Future<Answer> job(Start start, Call call) {
    return runs.get(start.run().id()).compose(run -> answer(run, call));
  }

  private Future<Answer> status(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("id"));
    return runs.get(id)
        .compose(run -> {
          if (run.script().language() != Language.WASM
              || !JobRoutes.isVisible(run, call.principal())) {
            throw new Problem.NotFound(Problem.Kind.RUN, id.toString());
          }
          return answer(run, call);
        });
  }

  private Future<Answer> answer(Run run, Call call) {
    return JobState.of(runs, run, options.log().readable(), call.gone())
        .map(state -> Answer.ok(WasmWire.of(run, state)));
  }

  /**
   * Starts what the call asks for.
   *
   * @param queueLimit how long the run may wait for its turn while the caller waits for its end;
   *     null, and for who said how long it will wait: without limit
   */
  private Future<Start> started(Call call, @Nullable Duration queueLimit) {
    var module = WasmInput.of(call.body());
    return right
        .wasm(call.principal(), module.wasm())
        .compose(_ -> checked(call.principal(), module))
        .compose(_ ->
            starts.of(
                call,
                preferences -> {
                  var request = request(module, call);
                  return Future.succeededFuture(
                      queueLimit == null || preferences.patience() != null
                          ? request
                          : request.waitingAtMost(queueLimit));
                }));
  }

  private RunRequest request(WasmCall module, Call call) {
    return module.request(options.wasm().timeout(), Door.BOSBASE, call.meta(Door.BOSBASE));
  }

  private Future<Void> checked(Principal principal, WasmCall module) {
    var superuser = principal.has(Role.SUPERUSER);
    if (!superuser) {
      WasmInput.refuseOptionsOfSuperusers(module);
    }
    var directory = options.execution().path();
    Future<Void> inside =
        superuser
            ? Future.succeededFuture()
            : Vertx.currentContext()
                .executeBlocking(() -> WasmInput.refuseEscape(directory, module.wasm()), false);
    return WasmInput.limitsGas(module) ? inside.compose(_ -> gasIsCounted()) : inside;
  }

  private Future<Void> gasIsCounted() {
    return runs.hasWasmEdge()
        .map(counted -> {
          if (!counted) {
            throw new Problem.Invalid(
                "options",
                "--gas-limit needs wasmedge: the built-in runtime has --time-limit instead.");
          }
          return null;
        });
  }
}

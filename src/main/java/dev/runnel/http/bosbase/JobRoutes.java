package dev.runnel.http.bosbase;

import dev.runnel.account.Principal;
import dev.runnel.account.Role;
import dev.runnel.bus.Runs;
import dev.runnel.config.LogOptions;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Run;
import io.vertx.core.Future;

/** {@code /api/scripts/async/:id}: what became of an asynchronous execution. */
final class JobRoutes {
  private final Runs runs;
  private final LogOptions log;

  JobRoutes(Runs runs, LogOptions log) {
    this.runs = runs;
    this.log = log;
  }

  void mount(Routes routes) {
    routes.get("/api/scripts/async/:id", Role.GUEST, this::status);
  }

  private Future<Answer> status(Call call) {
    var id = Ids.uuid(Problem.Kind.RUN, call.path("id"));
    return runs.get(id)
        .compose(run -> {
          if (!run.script().language().isOfScripts() || !isVisible(run, call.principal())) {
            throw new Problem.NotFound(Problem.Kind.RUN, id.toString());
          }
          return answer(run, call);
        });
  }

  /** The job as it is now. */
  Future<Answer> answer(Run run, Call call) {
    return JobState.of(runs, run, log.readable(), call.gone())
        .map(state -> Answer.ok(JobWire.of(run, state)));
  }

  /** A guest's job belongs to whoever knows its id. */
  static boolean isVisible(Run run, Principal principal) {
    return principal.has(Role.SUPERUSER)
        || (run.meta().actorId() == null
            ? run.meta().actorType().equals("guest")
            : run.meta().actorId().equals(principal.actorId()));
  }
}

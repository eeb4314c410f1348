package dev.runnel.http.admin;

import dev.runnel.bus.Scripts;
import dev.runnel.http.Ids;
import dev.runnel.problem.Problem;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.util.Optional;

/** Finds what a path names: the id of a definition, else its code identifier. */
record Definitions(Scripts scripts) {

  /** Fails with {@code NotFound}. */
  Future<Script> named(String key) {
    var byId = Ids.uuid(key).map(scripts::find).orElse(Future.succeededFuture(Optional.empty()));
    return byId.compose(
            found -> found.isPresent() ? Future.succeededFuture(found) : scripts.findByCode(key))
        .map(found -> found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.SCRIPT, key)));
  }
}

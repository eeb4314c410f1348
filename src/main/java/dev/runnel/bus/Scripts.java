package dev.runnel.bus;

import dev.runnel.problem.Problem;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptVersion;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The script registry as the rest of the service sees it. */
public interface Scripts {

  static Scripts over(Bus bus) {
    return new BusScripts(bus);
  }

  /** The script with exactly this name. */
  Future<Optional<Script>> find(String name);

  Future<Optional<Script>> find(UUID id);

  Future<Optional<Script>> findByCode(String codeIdentifier);

  /** Every script, by name. */
  Future<List<Script>> all();

  /** The next {@code limit} contents of a script after this version, oldest first. */
  Future<List<ScriptVersion>> versions(UUID id, long after, int limit);

  /** Stores a script together with its past; fails with {@code Taken}. */
  Future<Script> restore(ScriptHistory history);

  /** Fails with {@code Taken}. */
  Future<Script> create(ScriptDraft draft);

  /** Fails with {@code NotFound}, {@code Taken}, {@code Stale}, {@code Invalid}. */
  Future<Script> update(UUID id, ScriptChange change);

  /**
   * Cancels the script's runs that have not ended, then removes it; their records stay. False when
   * there was none; fails when a run of it cannot be cancelled now.
   */
  Future<Boolean> delete(UUID id);

  /** The script with exactly this name; fails with {@code NotFound}. */
  default Future<Script> get(String name) {
    return find(name)
        .map(found -> found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.SCRIPT, name)));
  }
}

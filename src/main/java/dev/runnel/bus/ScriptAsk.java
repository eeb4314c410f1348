package dev.runnel.bus;

import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptVersion;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Questions about scripts. */
public sealed interface ScriptAsk<R> extends StoreAsk<R> {

  /** The script with exactly this name. */
  record Find(String name) implements ScriptAsk<Optional<Script>> {}

  /** The script with this id. */
  record FindById(UUID id) implements ScriptAsk<Optional<Script>> {}

  /** The script with this code identifier. */
  record FindByCode(String codeIdentifier) implements ScriptAsk<Optional<Script>> {}

  /** Every script, by name. */
  record All() implements ScriptAsk<List<Script>> {}

  /** The next {@code limit} contents of a script after this version, oldest first. */
  record Versions(UUID id, long after, int limit) implements ScriptAsk<List<ScriptVersion>> {}

  /** Stores a script together with its past; fails with {@code Taken}. */
  record Restore(ScriptHistory history) implements ScriptAsk<Script> {}

  /** Stores a new script; fails with {@code Taken}. */
  record Create(ScriptDraft draft) implements ScriptAsk<Script> {}

  /**
   * Changes a script and raises its revision, and its content version when text, language or runner
   * differ; fails with {@code NotFound}, {@code Taken}, {@code Stale}, {@code Invalid} when
   * language and runner do not go together.
   */
  record Update(UUID id, ScriptChange change) implements ScriptAsk<Script> {}

  /** Removes a script; its runs stay. False when there was none. */
  record Delete(UUID id) implements ScriptAsk<Boolean> {}
}

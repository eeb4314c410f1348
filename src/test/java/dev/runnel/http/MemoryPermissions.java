package dev.runnel.http;

import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import dev.runnel.script.Permission;
import dev.runnel.script.PermissionChange;
import dev.runnel.script.Script;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who may execute what, in memory, beside the scripts. */
final class MemoryPermissions {
  private final MemoryScripts scripts;
  private final Map<String, Permission> byName = new TreeMap<>();

  MemoryPermissions(MemoryScripts scripts) {
    this.scripts = scripts;
  }

  synchronized Object answer(PermissionAsk<?> question) {
    return switch (question) {
      case PermissionAsk.Find(var name) -> Optional.ofNullable(byName.get(name)).map(this::linked);
      case PermissionAsk.All() -> List.copyOf(byName.values());
      case PermissionAsk.Put(var scriptId, var name, var audience) -> put(scriptId, name, audience);
      case PermissionAsk.Update(var name, var change) -> update(name, change);
      case PermissionAsk.Delete(var name) -> byName.remove(name) != null;
      case PermissionAsk.ToExecute(var names) -> toExecute(names);
    };
  }

  /** The script is gone. */
  synchronized void revoke(Script script) {
    byName
        .values()
        .removeIf(
            found -> found.name().equals(script.name()) || script.id().equals(found.scriptId()));
  }

  private Permission put(@Nullable UUID scriptId, String name, Audience audience) {
    var now = Instant.now();
    var old = byName.get(name);
    return keep(
        old == null
            ? new Permission(UUID.randomUUID(), scriptId, name, audience, 1, now, now)
            : changed(old, new PermissionChange(scriptId, null, audience)));
  }

  private Permission update(String name, PermissionChange change) {
    var old = byName.get(name);
    if (old == null) {
      throw new Problem.NotFound(Problem.Kind.PERMISSION, name);
    }
    var newName = change.name();
    if (newName != null && !newName.equals(name) && byName.containsKey(newName)) {
      throw new Problem.Taken("scriptName");
    }
    byName.remove(name);
    return keep(changed(old, change));
  }

  private static Permission changed(Permission old, PermissionChange change) {
    return new Permission(
        old.id(),
        change.scriptId() == null ? old.scriptId() : change.scriptId(),
        change.name() == null ? old.name() : change.name(),
        change.audience() == null ? old.audience() : change.audience(),
        old.version() + 1,
        old.created(),
        Instant.now());
  }

  private Permission keep(Permission permission) {
    byName.put(permission.name(), permission);
    return linked(permission);
  }

  private Permission linked(Permission found) {
    if (found.scriptId() != null) {
      return found;
    }
    var linked =
        new Permission(
            found.id(),
            script(found.name()).map(Script::id).orElse(null),
            found.name(),
            found.audience(),
            found.version(),
            found.created(),
            found.updated());
    byName.put(linked.name(), linked);
    return linked;
  }

  private Executable toExecute(List<String> names) {
    var script = names.stream().flatMap(name -> script(name).stream()).findFirst();
    var named = byName.get(script.map(Script::name).orElse(names.getFirst()));
    var known =
        byName.values().stream()
            .filter(found ->
                found.scriptId() != null
                    && found.scriptId().equals(script.map(Script::id).orElse(null)))
            .max(Comparator.comparing(Permission::audience));
    return Executable.of(
        script, Optional.ofNullable(named).or(() -> known).map(Permission::audience));
  }

  private Optional<Script> script(String name) {
    @SuppressWarnings("unchecked") // that is what this question is answered with
    var found = (Optional<Script>) scripts.answer(new ScriptAsk.Find(name));
    return found;
  }
}

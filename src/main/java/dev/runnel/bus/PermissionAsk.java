package dev.runnel.bus;

import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import dev.runnel.script.Permission;
import dev.runnel.script.PermissionChange;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Questions about who may execute what. */
public sealed interface PermissionAsk<R> extends StoreAsk<R> {

  /** The permission of this name; one that knows no script yet learns of it here. */
  record Find(String name) implements PermissionAsk<Optional<Permission>> {}

  /** Every permission, by name. */
  record All() implements PermissionAsk<List<Permission>> {}

  /**
   * Creates a permission (version 1) or gives the one of this name another audience.
   *
   * @param scriptId null: as it was, else the script of that name
   */
  record Put(@Nullable UUID scriptId, String name, Audience audience)
      implements PermissionAsk<Permission> {}

  /** Changes the permission of this name; fails with {@code NotFound}, {@code Taken}. */
  record Update(String name, PermissionChange change) implements PermissionAsk<Permission> {}

  /** False when there was none. */
  record Delete(String name) implements PermissionAsk<Boolean> {}

  /**
   * The first of these names that a script has, and who may execute it; for none of them, who may
   * execute what is called {@code names.getFirst()}.
   */
  record ToExecute(List<String> names) implements PermissionAsk<Executable> {}
}

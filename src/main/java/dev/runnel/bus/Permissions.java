package dev.runnel.bus;

import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import dev.runnel.script.Permission;
import dev.runnel.script.PermissionChange;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who may execute what, as the rest of the service sees it. */
public interface Permissions {

  static Permissions over(Bus bus) {
    return new BusPermissions(bus);
  }

  /** See {@link PermissionAsk.Find}. */
  Future<Optional<Permission>> find(String name);

  /** Every permission, by name. */
  Future<List<Permission>> all();

  /** See {@link PermissionAsk.Put}. */
  Future<Permission> put(@Nullable UUID scriptId, String name, Audience audience);

  /** Fails with {@code NotFound}, {@code Taken}. */
  Future<Permission> update(String name, PermissionChange change);

  /** False when there was none. */
  Future<Boolean> delete(String name);

  /** See {@link PermissionAsk.ToExecute}; never older than the question. */
  Future<Executable> toExecute(List<String> names);
}

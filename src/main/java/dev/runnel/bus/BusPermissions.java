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

record BusPermissions(Bus bus) implements Permissions {

  @Override
  public Future<Optional<Permission>> find(String name) {
    return bus.ask(new PermissionAsk.Find(name));
  }

  @Override
  public Future<List<Permission>> all() {
    return bus.ask(new PermissionAsk.All());
  }

  @Override
  public Future<Permission> put(@Nullable UUID scriptId, String name, Audience audience) {
    return bus.ask(new PermissionAsk.Put(scriptId, name, audience));
  }

  @Override
  public Future<Permission> update(String name, PermissionChange change) {
    return bus.ask(new PermissionAsk.Update(name, change));
  }

  @Override
  public Future<Boolean> delete(String name) {
    return bus.ask(new PermissionAsk.Delete(name));
  }

  @Override
  public Future<Executable> toExecute(List<String> names) {
    return bus.ask(new PermissionAsk.ToExecute(names));
  }
}

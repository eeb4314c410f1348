package dev.runnel.http.bosbase;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Permissions;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Fields;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.script.Audience;
import dev.runnel.script.PermissionChange;
import dev.runnel.script.PermissionName;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/script-permissions}: who else than superusers may execute what. */
final class PermissionRoutes {
  private static final String REQUIRED = "script_name is required.";
  private static final List<String> FIELDS = List.of("script_id", "script_name", "content");

  private final Permissions permissions;

  private PermissionRoutes(Permissions permissions) {
    this.permissions = permissions;
  }

  static void mount(Routes routes, Permissions permissions) {
    var here = new PermissionRoutes(permissions);
    routes.post("/api/script-permissions", SUPERUSER, here::put);
    routes.get("/api/script-permissions", SUPERUSER, here::list);
    routes.get("/api/script-permissions/:name", SUPERUSER, here::view);
    routes.patch("/api/script-permissions/:name", SUPERUSER, here::update);
    routes.delete("/api/script-permissions/:name", SUPERUSER, here::delete);
  }

  /** 201 for a new one, 200 for one that was there. */
  private Future<Answer> put(Call call) {
    var body = call.body();
    var name = PermissionName.checked(body.text("script_name", ""), REQUIRED);
    var content = body.text("content", "");
    if (content.isBlank()) {
      throw new Problem.Invalid("content", "content is required.");
    }
    return permissions
        .put(scriptId(body), name, audience(content))
        .map(put -> Answer.json(put.version() == 1 ? 201 : 200, PermissionWire.of(put)));
  }

  private Future<Answer> list(Call call) {
    return permissions
        .all()
        .map(all ->
            Answer.ok(new PermissionWire.Page(all.stream().map(PermissionWire::of).toList())));
  }

  private Future<Answer> view(Call call) {
    var name = named(call);
    return permissions
        .find(name)
        .map(found -> found.orElseThrow(() -> missing(name)))
        .map(permission -> Answer.ok(PermissionWire.of(permission)));
  }

  private Future<Answer> update(Call call) {
    var name = named(call);
    var body = call.body();
    if (FIELDS.stream().noneMatch(body::has)) {
      throw new Problem.Invalid("", "At least one field must be provided.");
    }
    var newName = body.text("script_name");
    var content = body.text("content");
    var change =
        new PermissionChange(
            scriptId(body),
            newName == null
                ? null
                : PermissionName.checked(newName, "script_name cannot be empty."),
            content == null ? null : audience(content));
    return permissions
        .update(name, change)
        .map(permission -> Answer.ok(PermissionWire.of(permission)));
  }

  private Future<Answer> delete(Call call) {
    var name = named(call);
    return permissions
        .delete(name)
        .map(deleted -> {
          if (!deleted) {
            throw missing(name);
          }
          return Answer.nothing();
        });
  }

  private static String named(Call call) {
    return PermissionName.checked(call.path("name"), REQUIRED);
  }

  private static Audience audience(String content) {
    return Audience.of(content.strip())
        .orElseThrow(() -> new Problem.Invalid("content", "invalid content value"));
  }

  /** Null when none is given; whether there is such a script is not asked. */
  private static @Nullable UUID scriptId(Fields body) {
    var given = body.text("script_id", "").strip();
    return given.isEmpty()
        ? null
        : Ids.uuid(given)
            .orElseThrow(
                () -> new Problem.Invalid("script_id", "script_id must be the id of a script."));
  }

  private static Problem.NotFound missing(String name) {
    return new Problem.NotFound(Problem.Kind.PERMISSION, name);
  }
}

package dev.runnel.http.bosbase;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Scripts;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptName;
import dev.runnel.script.ScriptText;
import io.vertx.core.Future;

/** {@code /api/scripts}: the registry. */
final class ScriptRoutes {
  private final Scripts scripts;

  private ScriptRoutes(Scripts scripts) {
    this.scripts = scripts;
  }

  static void mount(Routes routes, Scripts scripts) {
    var here = new ScriptRoutes(scripts);
    routes.post("/api/scripts", SUPERUSER, here::create);
    routes.get("/api/scripts", SUPERUSER, here::list);
    routes.get("/api/scripts/:name", SUPERUSER, here::view);
    routes.patch("/api/scripts/:name", SUPERUSER, here::update);
    routes.delete("/api/scripts/:name", SUPERUSER, here::delete);
  }

  private Future<Answer> create(Call call) {
    var body = call.body();
    var name = ScriptName.checked(body.text("name", ""));
    var content = filled(body.text("content", ""), "Script content is required.");
    var draft = ScriptDraft.plain(name, content, body.text("description", "").strip());
    return scripts.create(draft).map(script -> Answer.json(201, ScriptWire.of(script)));
  }

  private Future<Answer> list(Call call) {
    return scripts
        .all()
        .map(all -> Answer.ok(new ScriptWire.Page(all.stream().map(ScriptWire::of).toList())));
  }

  private Future<Answer> view(Call call) {
    var name = ScriptName.checked(call.path("name"));
    return scripts.get(name).map(script -> Answer.ok(ScriptWire.of(script)));
  }

  private Future<Answer> update(Call call) {
    var body = call.body();
    var name = ScriptName.checked(call.path("name"));
    var content = body.text("content");
    var description = body.text("description");
    if (content == null && description == null) {
      throw new Problem.Invalid("", "At least one of content or description must be provided.");
    }
    var change =
        ScriptChange.content(
            content == null ? null : filled(content, "Script content cannot be empty."),
            description == null ? null : description.strip());
    return scripts
        .get(name)
        .compose(script -> scripts.update(script.id(), change))
        .map(script -> Answer.ok(ScriptWire.of(script)));
  }

  private Future<Answer> delete(Call call) {
    var name = ScriptName.checked(call.path("name"));
    return scripts
        .get(name)
        .compose(script -> scripts.delete(script.id()))
        .map(deleted -> {
          if (!deleted) {
            throw new Problem.NotFound(Problem.Kind.SCRIPT, name);
          }
          return Answer.nothing();
        });
  }

  private static String filled(String content, String blank) {
    if (content.isBlank()) {
      throw new Problem.Invalid("text", blank);
    }
    return ScriptText.checked(content);
  }
}

package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Scripts;
import dev.runnel.config.LimitOptions;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/admin/scripts}: definitions. */
final class DefinitionRoutes {
  private final Definitions find;
  private final Scripts scripts;
  private final long defaultTimeoutMs;
  private final LimitOptions most;

  private DefinitionRoutes(Definitions find, Scripts scripts, Options options) {
    this.find = find;
    this.scripts = scripts;
    this.defaultTimeoutMs = options.execution().adminTimeout().toMillis();
    this.most = options.limit();
  }

  static void mount(Routes routes, Definitions find, Scripts scripts, Options options) {
    var here = new DefinitionRoutes(find, scripts, options);
    routes.get(AdminDoor.BASE, SUPERUSER, here::list);
    routes.post(AdminDoor.BASE, SUPERUSER, here::create);
    routes.get(AdminDoor.BASE + "/:id", SUPERUSER, here::view);
    routes.put(AdminDoor.BASE + "/:id", SUPERUSER, here::update);
    routes.delete(AdminDoor.BASE + "/:id", SUPERUSER, here::delete);
  }

  record Item(DefinitionWire item) {}

  record Items(List<DefinitionWire> items, @Nullable String nextCursor) {}

  record Ok(boolean ok) {}

  private Future<Answer> list(Call call) {
    var filter = DefinitionFilter.of(call);
    return scripts
        .all()
        .map(all -> {
          var rest =
              all.stream()
                  .filter(filter::accepts)
                  .sorted(Comparator.comparing(DefinitionRoutes::place))
                  .filter(script -> filter.isAfterCursor(place(script)))
                  .toList();
          var page = rest.subList(0, Math.min(rest.size(), filter.limit()));
          return Answer.ok(
              new Items(
                  page.stream().map(script -> wire(script, filter.summary())).toList(),
                  rest.size() > page.size() ? place(page.getLast()).text() : null));
        });
  }

  private static Cursor place(Script script) {
    return new Cursor(script.updated(), script.id());
  }

  private Future<Answer> create(Call call) {
    return scripts
        .create(DefinitionInput.draft(call.body(), most))
        .recover(DefinitionRoutes::namedAsHere)
        .map(script -> Answer.json(201, new Item(wire(script, false))));
  }

  private Future<Answer> view(Call call) {
    return find.named(call.path("id")).map(script -> Answer.ok(new Item(wire(script, false))));
  }

  private Future<Answer> update(Call call) {
    var change = DefinitionInput.change(call.body(), call.header("If-Match"), most);
    return find.named(call.path("id"))
        .compose(script -> scripts.update(script.id(), change))
        .recover(DefinitionRoutes::namedAsHere)
        .map(script -> Answer.ok(new Item(wire(script, false))));
  }

  private Future<Answer> delete(Call call) {
    return find.named(call.path("id"))
        .compose(script -> scripts.delete(script.id()))
        .map(_ -> Answer.ok(new Ok(true)));
  }

  /** A name that another door took is, at this door, a code identifier that is taken. */
  private static Future<Script> namedAsHere(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Problem.Taken ? new Problem.Taken("codeIdentifier") : failure);
  }

  private DefinitionWire wire(Script script, boolean summary) {
    return DefinitionWire.of(script, defaultTimeoutMs, summary);
  }
}

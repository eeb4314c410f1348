package dev.runnel.http.bosbase;

import dev.runnel.account.Principal;
import dev.runnel.bus.Permissions;
import dev.runnel.bus.Scripts;
import dev.runnel.problem.Problem;
import dev.runnel.script.Executable;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Who may execute what; asked anew for each request, so that a permission that was changed at any
 * node holds from the next one on. Whoever may not is told so whether or not there is such a thing.
 */
final class ExecuteRight {
  private static final String NOBODY_SAID =
      "The request requires superuser or allowed user authorization token.";
  private static final String SUPERUSERS_ONLY =
      "The request requires superuser authorization token.";

  private final Scripts scripts;
  private final Permissions permissions;

  ExecuteRight(Scripts scripts, Permissions permissions) {
    this.scripts = scripts;
    this.permissions = permissions;
  }

  /** A script that its caller may execute, if there is one. */
  @FunctionalInterface
  interface Admitted {

    /** Fails with {@code NotFound}. */
    Future<Script> script();
  }

  /**
   * Fails with 401 or 403 for who may not execute a script of this name. {@code add} also means
   * {@code add.py}, unless there is an {@code add}.
   *
   * <p>One statement finds script and permission of guests and users; superusers are not asked
   * about.
   */
  Future<Admitted> script(Principal principal, String name) {
    if (principal instanceof Principal.Superuser) {
      return Future.succeededFuture(() -> named(names(name)));
    }
    return permissions
        .toExecute(names(name))
        .map(executable -> {
          check(principal, executable, NOBODY_SAID, "script");
          return () -> Future.succeededFuture(executable.script()).map(found -> there(found, name));
        });
  }

  /** Fails with 401 or 403 for who may not run the wasm file of this clean, relative path. */
  Future<Void> wasm(Principal principal, String path) {
    return principal instanceof Principal.Superuser
        ? Future.succeededFuture()
        : permissions
            .toExecute(List.of(path))
            .compose(executable -> {
              check(principal, executable, SUPERUSERS_ONLY, "wasm");
              return Future.succeededFuture();
            });
  }

  /** The table: what a caller is told whom the permission, or the lack of one, does not admit. */
  private static void check(
      Principal principal, Executable executable, String unsaid, String what) {
    if (executable.audience().admits(principal)) {
      return;
    }
    throw switch (principal) {
      case Principal.Guest _ ->
          Refuse.unauthorized(
              switch (executable.audience()) {
                case ANONYMOUS, USER -> Errors.TOKEN_REQUIRED;
                case SUPERUSER -> executable.isPermitted() ? SUPERUSERS_ONLY : unsaid;
              });
      case Principal.User _, Principal.Superuser _ ->
          Refuse.forbidden("You are not allowed to execute this " + what + ".");
    };
  }

  private Future<Script> named(List<String> names) {
    var name = names.getFirst();
    var others = names.subList(1, names.size());
    return scripts
        .find(name)
        .compose(found ->
            found.isPresent() || others.isEmpty()
                ? Future.succeededFuture(there(found, name))
                : named(others));
  }

  private static Script there(Optional<Script> found, String name) {
    return found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.SCRIPT, name));
  }

  private static List<String> names(String name) {
    var withExtension = name + ".py";
    return withExtension.getBytes(StandardCharsets.UTF_8).length <= ScriptName.MAX_BYTES
        ? List.of(name, withExtension)
        : List.of(name);
  }
}

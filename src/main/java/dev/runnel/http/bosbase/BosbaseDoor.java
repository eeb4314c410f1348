package dev.runnel.http.bosbase;

import dev.runnel.auth.Access;
import dev.runnel.bus.Health;
import dev.runnel.bus.Permissions;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.files.Uploads;
import dev.runnel.http.Cors;
import dev.runnel.http.Dialect;
import dev.runnel.http.Routes;
import java.util.Map;

/** The BosBase dialect. Also answers what no door knows. */
public final class BosbaseDoor {
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-XSS-Protection", "1; mode=block",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "SAMEORIGIN");

  private BosbaseDoor() {}

  /** A door to these scripts and runs. */
  public static Dialect to(
      Options options,
      Access access,
      Health health,
      Scripts scripts,
      Permissions permissions,
      Runs runs,
      Uploads uploads) {
    var routes = new Routes();
    OpenApiRoutes.mount(routes);
    HealthRoutes.mount(routes, health);
    LoginRoutes.mount(routes, access);
    AccountRoutes.mount(routes, access);
    ScriptRoutes.mount(routes, scripts);
    UploadRoutes.mount(routes, uploads, scripts);
    var jobs = new JobRoutes(runs, options.log());
    PermissionRoutes.mount(routes, permissions);
    var right = new ExecuteRight(scripts, permissions);
    var execute = new ExecuteRoutes(right, runs, jobs, options);
    execute.mount(routes);
    StreamRoutes.mount(routes, execute, right, options.http());
    jobs.mount(routes);
    CommandRoutes.mount(routes, runs, options);
    WasmRoutes.mount(routes, runs, right, options);
    return new Dialect(
        "/",
        routes,
        options.http().bosbaseBodyLimit(),
        HEADERS,
        new Errors(),
        new Dialect.Manners(true, true, Cors.of(options.http().corsOrigins())));
  }
}

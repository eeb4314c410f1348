package dev.runnel.http.admin;

import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.http.Dialect;
import dev.runnel.http.Routes;
import dev.runnel.http.Starts;
import java.util.Map;

/** The admin dialect. Superusers only. */
public final class AdminDoor {
  /** Below this the dialect's routes live. */
  static final String BASE = "/api/admin/scripts";

  private static final Map<String, String> HEADERS =
      Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

  private AdminDoor() {}

  /** A door to these scripts and runs. */
  public static Dialect to(Options options, Scripts scripts, Runs runs) {
    var routes = new Routes();
    var find = new Definitions(scripts);
    DefinitionRoutes.mount(routes, find, scripts, options);
    StartRoutes.mount(routes, find, runs, new Starts(runs, options.http()), options);
    RunRoutes.mount(routes, runs);
    LogRoutes.mount(routes, runs, options.http());
    OutputRoutes.mount(routes, runs);
    DownloadRoutes.mount(routes, runs);
    SearchRoutes.mount(routes, runs);
    return new Dialect(
        "/api/admin", routes, options.http().adminBodyLimit(), HEADERS, new Errors());
  }
}

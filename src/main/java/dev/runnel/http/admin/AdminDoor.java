package dev.runnel.http.admin;

import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Dialect;
import dev.runnel.http.Refusal;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import java.util.Map;

/** The admin dialect: its routes, and how it says no. Superusers only. */
public final class AdminDoor implements Dialect {
  /** Below this the dialect's routes live. */
  static final String BASE = "/api/admin/scripts";

  private static final Map<String, String> HEADERS =
      Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

  private final Routes routes = new Routes();
  private final long bodyLimit;

  /** A door to these scripts and runs. */
  public AdminDoor(Options options, Scripts scripts, Runs runs) {
    bodyLimit = options.http().adminBodyLimit();
    var find = new Definitions(scripts);
    DefinitionRoutes.mount(routes, find, scripts, options);
    StartRoutes.mount(routes, find, runs, options);
    RunRoutes.mount(routes, runs);
    LogRoutes.mount(routes, runs, options.http());
    OutputRoutes.mount(routes, runs);
    DownloadRoutes.mount(routes, runs);
    SearchRoutes.mount(routes, runs);
  }

  @Override
  public String prefix() {
    return "/api/admin";
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public long bodyLimit() {
    return bodyLimit;
  }

  @Override
  public Map<String, String> headers() {
    return HEADERS;
  }

  @Override
  public Answer of(Problem problem) {
    return Errors.of(problem);
  }

  @Override
  public Answer of(Refusal refusal) {
    return Errors.of(refusal);
  }

  @Override
  public Answer unexpected() {
    return Errors.unexpected();
  }
}

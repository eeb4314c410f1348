package dev.runnel.http.bosbase;

import dev.runnel.auth.Access;
import dev.runnel.bus.Health;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Dialect;
import dev.runnel.http.Refusal;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import java.util.Map;

/** The BosBase dialect: its routes, and how it says no. Also answers what no door knows. */
public final class BosbaseDoor implements Dialect {
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-XSS-Protection", "1; mode=block",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "SAMEORIGIN");

  private final Routes routes = new Routes();
  private final long bodyLimit;

  /** A door to these scripts and runs. */
  public BosbaseDoor(Options options, Access access, Health health, Scripts scripts, Runs runs) {
    bodyLimit = options.http().bosbaseBodyLimit();
    HealthRoutes.mount(routes, health);
    LoginRoutes.mount(routes, access);
    ScriptRoutes.mount(routes, scripts);
    ExecuteRoutes.mount(routes, scripts, runs, options);
    JobRoutes.mount(routes, runs, options.log());
  }

  @Override
  public String prefix() {
    return "/";
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

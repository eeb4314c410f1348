package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.runnel.account.Role;
import dev.runnel.bus.Health;
import dev.runnel.bus.HostLimit;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code /api/health}: answers within two seconds, whatever is down. */
final class HealthRoutes {
  /** Recognising the caller may take a second before this. */
  private static final long PATIENCE_MILLIS = 800;

  private static final List<String> PROXY_HEADERS =
      List.of("CF-Connecting-IP", "Fly-Client-IP", "X-Forwarded-For");

  private final Health health;

  private HealthRoutes(Health health) {
    this.health = health;
  }

  static void mount(Routes routes, Health health) {
    var here = new HealthRoutes(health);
    routes.alwaysOn(HttpMethod.GET, "/api/health", here::health);
    routes.alwaysOn(HttpMethod.GET, "/api/health/live", _ -> Future.succeededFuture(live()));
  }

  record Report(String message, int code, Object data) {}

  record Details(
      boolean canBackup,
      String realIP,
      boolean requireS3,
      String possibleProxyHeader,
      Map<String, Limit> limits) {}

  /** {@code initial} and {@code max} are null where there is none. */
  record Limit(
      boolean enforced,
      String how,
      @JsonProperty("default") @Nullable Long initial,
      @Nullable Long max,
      String unit) {}

  private Future<Answer> health(Call call) {
    var store = answers(health.store());
    var execution = answers(health.execution());
    return Future.all(store, execution)
        .map(_ -> {
          var down = new ArrayList<String>();
          if (!store.result()) {
            down.add("database");
          }
          if (!execution.result()) {
            down.add("execution");
          }
          return down;
        })
        .compose(down -> down.isEmpty() ? healthy(call) : Future.succeededFuture(unhealthy(down)));
  }

  private static Future<Boolean> answers(Future<?> question) {
    return question
        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .transform(answer -> Future.succeededFuture(answer.succeeded()));
  }

  private Future<Answer> healthy(Call call) {
    if (!call.principal().has(Role.SUPERUSER)) {
      return Future.succeededFuture(healthy(Map.of()));
    }
    return health
        .limits()
        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .otherwise(List.of())
        .map(limits ->
            healthy(new Details(false, call.ip(), false, proxyHeader(call), wire(limits))));
  }

  /** The header that a proxy in front seems to say the caller's address in; nothing believes it. */
  private static String proxyHeader(Call call) {
    return PROXY_HEADERS.stream().filter(name -> call.header(name) != null).findFirst().orElse("");
  }

  private static Answer healthy(Object data) {
    return Answer.ok(new Report("API is healthy.", 200, data));
  }

  private static Map<String, Limit> wire(List<HostLimit> limits) {
    var wire = new LinkedHashMap<String, Limit>();
    for (var limit : limits) {
      wire.put(
          limit.name(),
          new Limit(limit.enforced(), limit.how(), limit.initial(), limit.max(), limit.unit()));
    }
    return wire;
  }

  private static Answer unhealthy(List<String> down) {
    return Answer.json(
            503,
            new Report(
                "API is not healthy: " + String.join(" and ", down) + " down.",
                503,
                Map.of("down", down)))
        .with("Retry-After", "2");
  }

  private static Answer live() {
    return Answer.ok(new Report("API is alive.", 200, Map.of()));
  }
}

package dev.runnel.system;

import dev.runnel.store.DatabaseAddress;
import dev.runnel.store.EmbeddedServer;
import dev.runnel.store.History;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Two services on one database server, one with nothing stored and one with many runs. They are
 * asked in turns.
 */
final class StoredRuns implements AutoCloseable {
  private static final int WARM_UP = 500;

  private final String schema = "r" + UUID.randomUUID().toString().replace("-", "");
  private final Side empty;
  private final Side full;

  private record Side(ServiceProcess service, String token, String script) {
    static Side start(Path home, DatabaseAddress address) {
      var url =
          "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
              .formatted(
                  address.user(),
                  address.password(),
                  address.host(),
                  address.port(),
                  address.database());
      var service =
          ServiceProcess.startOptimised(
              home,
              Map.of(
                  "RUNNEL_DATABASE_URL",
                  url,
                  "RUNNEL_DATABASE_SCHEMA",
                  address.schema(),
                  "SCRIPTS_BASH_LOGIN",
                  "false",
                  // All of them stay, and nothing is removed beside what is measured.
                  "RUNNEL_RUN_RETENTION_COUNT",
                  "0"));
      var script = service.client().create("hi", "bash", "echo hi", Map.of());
      return new Side(service, service.token(), script);
    }

    Clients asking(String method, String path, String expected) throws IOException {
      return new Clients(
          1,
          service.url(),
          Wire.request(method, path.replace("{script}", script), token, ""),
          expected);
    }
  }

  /** A question and how long the answers took: on the empty database and on the full one. */
  record Cost(String what, InTurns turns) {}

  StoredRuns(Path home, int stored) throws SQLException {
    empty = Side.start(home.resolve("empty"), EmbeddedServer.shared().address(schema + "_empty"));
    var address = EmbeddedServer.shared().address(schema + "_full");
    full = Side.start(home.resolve("full"), address);
    History.fill(address, UUID.fromString(full.script), stored);
    History.tidy(address);
  }

  /** Each of the questions a client asks, so many rounds of so many turns of 25. */
  List<Cost> measure(int rounds, int turns) throws IOException {
    return List.of(
        measure("synchronous run", "POST", "/api/scripts/hi/execute", "hi", rounds, turns),
        measure("start", "POST", "/api/admin/scripts/{script}/run", "\"runId\"", rounds, turns),
        measure("list of 20", "GET", "/api/admin/scripts/runs?limit=20", "items", rounds, turns),
        measure(
            "list of 20 of one script",
            "GET",
            "/api/admin/scripts/runs?limit=20&scriptId={script}",
            "items",
            rounds,
            turns));
  }

  private Cost measure(
      String what, String method, String path, String expected, int rounds, int turns)
      throws IOException {
    try (var first = empty.asking(method, path, expected);
        var second = full.asking(method, path, expected)) {
      first.ask(WARM_UP);
      second.ask(WARM_UP);
      return new Cost(
          what,
          InTurns.of(
              rounds,
              turns,
              count -> first.ask(count).millis(),
              count -> second.ask(count).millis()));
    }
  }

  @Override
  public void close() {
    empty.service.close();
    full.service.close();
  }
}

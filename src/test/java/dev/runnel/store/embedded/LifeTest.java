package dev.runnel.store.embedded;

import static dev.runnel.store.embedded.Scene.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What happens to data and processes when servers stop, die and start again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeTest {
  private Path dataDir;

  @BeforeAll
  void dataDir(@TempDir Path temp) throws Exception {
    dataDir = Scene.dataDir(temp);
  }

  @Test
  void dataIsThereAtTheNextStartAndNoProcessInBetween() throws Exception {
    try (var database = EmbeddedPostgres.open(dataDir)) {
      sql(database.address(), "CREATE TABLE kept1 AS SELECT 42 AS answer");
    }
    assertThat(Scene.servers(dataDir)).isEmpty();
    assertThat(PidFile.in(Scene.data(dataDir))).doesNotExist();
    try (var database = EmbeddedPostgres.open(dataDir)) {
      assertThat(sql(database.address(), "SELECT answer FROM kept1")).isEqualTo("42");
    }
  }

  @Test
  void aKilledServerIsStartedAgainOnTheSamePortWithItsData() throws Exception {
    try (var database = EmbeddedPostgres.open(dataDir)) {
      sql(database.address(), "CREATE TABLE kept2 AS SELECT 42 AS answer");
      for (var round = 1; round <= 2; round++) {
        var killed = kill(dataDir);
        await()
            .pollInterval(Duration.ofMillis(20))
            .ignoreExceptionsInstanceOf(SQLException.class)
            .untilAsserted(() ->
                assertThat(sql(database.address(), "SELECT answer FROM kept2")).isEqualTo("42"));
        assertThat(postmaster(dataDir)).isNotEqualTo(killed);
      }
      assertThat(database.failed().toCompletableFuture()).isNotDone();
    }
    assertThat(Scene.servers(dataDir)).isEmpty();
  }

  @Test
  void aBackendThatOutlivesItsPostmasterDoesNotKeepTheNextFromStarting() throws Exception {
    try (var database = EmbeddedPostgres.open(dataDir)) {
      var busy = busyBackend(database.address());
      kill(dataDir);
      await()
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> sql(database.address(), "SELECT 1").equals("1"));
      assertThat(catchThrowable(() -> busy.get(5, TimeUnit.SECONDS)))
          .hasCauseInstanceOf(SQLException.class);
    }
  }

  @Test
  void aServerThatKeepsDyingIsGivenUpWithTheReason() throws Exception {
    var configuration = Scene.data(dataDir).resolve("postgresql.conf");
    var before = Files.readString(configuration);
    try (var database = EmbeddedPostgres.open(dataDir)) {
      Files.writeString(configuration, "no_such_setting = 1\n");
      kill(dataDir);
      var reason = database.failed().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(reason)
          .hasMessageContaining("died 6 times")
          .hasMessageContaining("no_such_setting")
          .hasMessageContaining(new PostgresHome(dataDir).log().toString());
      assertThat(Scene.servers(dataDir)).isEmpty();
    } finally {
      Files.writeString(configuration, before);
    }
  }

  @Test
  void canBeClosedWhileTheServerIsBeingStartedAgain() throws Exception {
    var database = EmbeddedPostgres.open(dataDir);
    var busy = busyBackend(database.address());
    kill(dataDir);
    database.close();
    assertThat(catchThrowable(() -> busy.get(5, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(SQLException.class);
    assertThat(Scene.servers(dataDir)).isEmpty();
    assertThat(database.failed().toCompletableFuture()).isNotDone();
    database.close();
  }

  /** A query that never looks whether its postmaster is alive; running when this returns. */
  private static FutureTask<String> busyBackend(DatabaseAddress address) {
    var busy = new FutureTask<>(() -> sql(address, "DO $$ BEGIN LOOP END LOOP; END $$"));
    Thread.ofVirtual().start(busy);
    var count =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";
    await().until(() -> sql(address, count).equals("1"));
    return busy;
  }

  private static long postmaster(Path dataDir) throws IOException {
    return PidFile.read(Scene.data(dataDir)).orElseThrow().pid();
  }

  private static long kill(Path dataDir) throws IOException {
    var pid = postmaster(dataDir);
    assertThat(LeftOver.isOf(pid, Scene.data(dataDir))).isTrue();
    assertThat(Tool.signal(pid, "KILL")).isTrue();
    return pid;
  }
}

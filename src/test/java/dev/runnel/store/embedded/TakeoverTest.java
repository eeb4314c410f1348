package dev.runnel.store.embedded;

import static dev.runnel.store.embedded.Scene.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two services, or what is left of one, on the same data folder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakeoverTest {
  private Path dataDir;

  @BeforeAll
  void dataDir(@TempDir Path temp) throws Exception {
    dataDir = Scene.dataDir(temp);
  }

  @Test
  void aLiveServiceKeepsOthersOutLetsCommandsInAndTakesItsServerWithIt() throws Exception {
    var service = Scene.otherService(dataDir);
    try {
      assertThatThrownBy(() -> EmbeddedPostgres.open(dataDir))
          .isInstanceOf(DatabaseUnusable.class)
          .hasMessageContaining("process " + service.pid())
          .hasMessageContaining("RUNNEL_DATA_DIR");

      var before = Scene.servers(dataDir);
      try (var attached = EmbeddedPostgres.attachOrOpen(dataDir, ProcessBuilder::start)) {
        sql(attached.address(), "CREATE TABLE kept1 AS SELECT 42 AS answer");
      }
      assertThat(Scene.servers(dataDir)).containsAll(before.subList(0, 1));
    } finally {
      service.destroyForcibly().waitFor();
    }
    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Scene.servers(dataDir).isEmpty());

    try (var database = EmbeddedPostgres.attachOrOpen(dataDir, ProcessBuilder::start)) {
      assertThat(sql(database.address(), "SELECT answer FROM kept1")).isEqualTo("42");
    }
    assertThat(Scene.servers(dataDir)).isEmpty();
  }

  @Test
  void theSameProcessCannotOpenAFolderTwice() {
    try (var database = EmbeddedPostgres.open(dataDir)) {
      assertThatThrownBy(() -> EmbeddedPostgres.open(dataDir))
          .isInstanceOf(DatabaseUnusable.class)
          .hasMessageContaining("this process");
      try (var attached = EmbeddedPostgres.attachOrOpen(dataDir, ProcessBuilder::start)) {
        assertThat(attached.address()).isEqualTo(database.address());
      }
    }
  }

  @Test
  void aServerThatWasLeftBehindIsReplaced() throws Exception {
    var leftOver = detachedServer();
    assertThat(LeftOver.isOf(leftOver.pid(), Scene.data(dataDir))).isTrue();

    try (var database = EmbeddedPostgres.open(dataDir)) {
      assertThat(leftOver.isAlive()).isFalse();
      assertThat(PidFile.read(Scene.data(dataDir)).orElseThrow().pid())
          .isNotEqualTo(leftOver.pid());
      assertThat(sql(database.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatWasKilledWithItsServiceIsRecovered() throws Exception {
    try (var database = EmbeddedPostgres.open(dataDir)) {
      sql(database.address(), "CREATE TABLE kept2 AS SELECT 42 AS answer");
    }
    detachedServer().destroyForcibly().waitFor();
    assertThat(PidFile.in(Scene.data(dataDir))).exists();
    try (var database = EmbeddedPostgres.open(dataDir)) {
      assertThat(sql(database.address(), "SELECT answer FROM kept2")).isEqualTo("42");
    }
  }

  @Test
  void aPidFileThatNamesAnotherProcessIsStaleAndThatProcessIsLeftAlone() throws Exception {
    var bystander =
        new ProcessBuilder("sleep", "60").directory(Scene.data(dataDir).toFile()).start();
    try {
      Files.writeString(
          PidFile.in(Scene.data(dataDir)),
          "%d\n%s\n1\n5432\n\n127.0.0.1\n 1 1\nready   \n"
              .formatted(bystander.pid(), Scene.data(dataDir)));
      try (var database = EmbeddedPostgres.open(dataDir)) {
        assertThat(sql(database.address(), "SELECT 1")).isEqualTo("1");
      }
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void aPidFileThatNamesAnotherFoldersServerIsStaleAndThatServerIsLeftAlone(@TempDir Path temp)
      throws Exception {
    var otherDir = Scene.dataDir(temp);
    try (var other = EmbeddedPostgres.open(otherDir)) {
      Files.copy(PidFile.in(Scene.data(otherDir)), PidFile.in(Scene.data(dataDir)));
      try (var database = EmbeddedPostgres.open(dataDir)) {
        assertThat(database.address().port()).isNotEqualTo(other.address().port());
        assertThat(sql(database.address(), "SHOW data_directory"))
            .isEqualTo(Scene.data(dataDir).toString());
      }
      assertThat(sql(other.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  /** A server that no service supervises, as it is left when the wish to end with us is lost. */
  private Process detachedServer() throws Exception {
    var home = new PostgresHome(dataDir);
    var arguments = new ArrayList<>(List.of("-D", home.data().toString()));
    arguments.addAll(Settings.options(Postmaster.freePort()));
    var command =
        Confinement.of(home).command("INT", home.program("postgres"), arguments).stream()
            .filter(word -> !word.startsWith("--pdeathsig"))
            .toList();
    var server =
        Tool.builder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    await()
        .until(() ->
            PidFile.read(home.data())
                .filter(file -> file.isReady() && file.pid() == server.pid())
                .isPresent());
    return server;
  }
}

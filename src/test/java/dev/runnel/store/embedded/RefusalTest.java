package dev.runnel.store.embedded;

import static dev.runnel.store.embedded.Scene.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is refused with words that help, and untouched. */
class RefusalTest {
  private Path dataDir;
  private PostgresHome home;

  @BeforeEach
  void dataDir(@TempDir Path temp) throws Exception {
    dataDir = Scene.emptyDataDir(temp);
    home = new PostgresHome(dataDir);
  }

  @Test
  void dataOfAnotherMajorVersion() throws Exception {
    Files.createDirectory(home.data());
    Files.writeString(home.data().resolve("PG_VERSION"), "17\n");
    assertThatThrownBy(() -> EmbeddedPostgres.open(dataDir))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("made by PostgreSQL 17")
        .hasMessageContaining("brings 18")
        .hasMessageContaining("runnel export");
    assertThat(home.data()).isDirectoryContaining("glob:**/PG_VERSION");
    assertThatTheFolderIsFree();
  }

  @Test
  void aFolderThatIsNoDatabase() throws Exception {
    Files.createDirectory(home.data());
    Files.writeString(home.data().resolve("diary.txt"), "mine");
    assertThatThrownBy(() -> EmbeddedPostgres.open(dataDir))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("is not a PostgreSQL data directory");
    assertThat(home.data().resolve("diary.txt")).hasContent("mine");
  }

  @Test
  void dataWithoutItsPassword() throws Exception {
    Files.createDirectory(home.data());
    Files.writeString(home.data().resolve("PG_VERSION"), "18\n");
    assertThatThrownBy(() -> EmbeddedPostgres.open(dataDir))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining(home.passwordFile().toString());
  }

  @Test
  void aDataFolderThatCannotBeMade(@TempDir Path temp) throws Exception {
    var file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedPostgres.open(file.resolve("data-dir")))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("cannot be made")
        .hasMessageContaining(file.toString());
  }

  @Test
  void aServerThatDoesNotStartIsQuotedAndTheFolderFreeAgain() throws Exception {
    var made = Scene.dataDir(Files.createDirectory(dataDir.resolve("other")));
    var configuration = new PostgresHome(made).data().resolve("postgresql.conf");
    var before = Files.readString(configuration);
    Files.writeString(configuration, "no_such_setting = 1\n");
    assertThatThrownBy(() -> EmbeddedPostgres.open(made))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("does not start")
        .hasMessageContaining("no_such_setting");
    Files.writeString(configuration, before);
    try (var database = EmbeddedPostgres.open(made)) {
      assertThat(sql(database.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void anUnfinishedDatabaseIsMadeAnew() throws Exception {
    Files.createDirectory(home.folder().resolve("data-new-1"));
    try (var database = EmbeddedPostgres.open(dataDir)) {
      assertThat(sql(database.address(), "SELECT current_database()")).isEqualTo("runnel");
    }
    assertThat(home.folder().resolve("data-new-1")).doesNotExist();
  }

  @Test
  void asRootWithoutNamespacesAnotherUserOwnsAllOfIt(@TempDir Path temp) throws Exception {
    assumeTrue(Account.own().isRoot(), "needs root");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx--x--x"));
    var account = Account.unprivileged().orElseThrow();
    var other = Scene.ownDataDir(temp);
    try (var database = EmbeddedPostgres.openConfined(other, any -> Confinement.as(account))) {
      assertThat(sql(database.address(), "SELECT 1")).isEqualTo("1");
      var status =
          Files.readString(Path.of("/proc/" + Scene.servers(other).getFirst() + "/status"));
      assertThat(status).contains("Uid:\t" + account.uid() + "\t" + account.uid());
    }
    // From here on its owner decides, also where namespaces work.
    try (var database = EmbeddedPostgres.open(other)) {
      assertThat(Confinement.of(new PostgresHome(other)).account()).contains(account);
      assertThat(sql(database.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void asRootWithoutNamespacesAFolderTheOtherUserCannotReachIsNamed(@TempDir Path temp)
      throws Exception {
    assumeTrue(Account.own().isRoot(), "needs root");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx------"));
    var account = Account.unprivileged().orElseThrow();
    var other = Scene.ownDataDir(temp);
    assertThatThrownBy(() -> EmbeddedPostgres.openConfined(other, any -> Confinement.as(account)))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("searchable");
  }

  @Test
  void theArchivesVersionIsTheOneInThePom() throws Exception {
    assertThat(Path.of("pom.xml"))
        .content()
        .contains("<zonky.version>" + ServerArchive.VERSION + "</zonky.version>");
  }

  private void assertThatTheFolderIsFree() throws Exception {
    var lock = DataDirLock.take(home.lock());
    assertThat(lock).isPresent();
    lock.get().close();
  }
}

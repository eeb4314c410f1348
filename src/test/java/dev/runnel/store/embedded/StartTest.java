package dev.runnel.store.embedded;

import static dev.runnel.store.embedded.Scene.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that was unpacked, made, and started for the first time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartTest {
  private Path dataDir;
  private EmbeddedPostgres database;

  @BeforeAll
  void open(@TempDir Path temp) {
    dataDir = temp.resolve("made").resolve("data-dir");
    database = EmbeddedPostgres.open(dataDir);
  }

  @AfterAll
  void close() {
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "fsync, on",
    "synchronous_commit, on",
    "full_page_writes, on",
    "password_encryption, scram-sha-256",
    "listen_addresses, 127.0.0.1",
    "unix_socket_directories, ''",
    "server_encoding, UTF8",
    "data_checksums, on",
    "max_connections, 60"
  })
  void settingIs(String name, String value) throws SQLException {
    assertThat(sql(database.address(), "SHOW " + name)).isEqualTo(value);
  }

  @Test
  void everyWayInAsksForAScramPassword() throws SQLException {
    assertThat(
            sql(
                database.address(),
                "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
        .isEqualTo("scram-sha-256");
  }

  @Test
  void aWrongOrMissingPasswordIsRefused() {
    var at = database.address();
    assertThatThrownBy(() -> DriverManager.getConnection(at.jdbcUrl(), at.user(), "wrong"))
        .hasMessageContaining("password authentication failed");
    assertThatThrownBy(() -> DriverManager.getConnection(at.jdbcUrl(), at.user(), ""))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    var port = ":%04X".formatted(database.address().port());
    var listening =
        List.of("/proc/net/tcp", "/proc/net/tcp6").stream()
            .map(Path::of)
            .filter(Files::exists)
            .flatMap(StartTest::lines)
            .map(line -> line.strip().split(" +", -1))
            .filter(fields -> fields[3].equals("0A") && fields[1].endsWith(port))
            .map(fields -> fields[1]);
    assertThat(listening).containsExactly("0100007F" + port);
  }

  @Test
  void ordersTextByCodePoint() throws SQLException {
    assertThat(
            sql(
                database.address(),
                "SELECT string_agg(t, '' ORDER BY t) FROM unnest(ARRAY['b','ä','a','B']) t"))
        .isEqualTo("Babä");
  }

  @Test
  void onlyTheOwnerMayLookInside() throws Exception {
    var home = new PostgresHome(dataDir);
    assertThat(mode(dataDir)).isEqualTo("rwx--x--x");
    assertThat(mode(home.folder())).isEqualTo("rwx------");
    assertThat(mode(home.data())).isEqualTo("rwx------");
    assertThat(mode(home.server())).isEqualTo("rwx------");
    assertThat(mode(home.passwordFile())).isEqualTo("rw-------");
    assertThat(mode(home.log())).isEqualTo("rw-------");
    assertThat(mode(home.lock())).isEqualTo("rw-------");
    assertThat(Account.ownerOf(home.data())).isEqualTo(Account.ownerOf(home.folder()));
  }

  @Test
  void theServerSeesNothingOfOurEnvironment() throws Exception {
    var pid = PidFile.read(Scene.data(dataDir)).orElseThrow().pid();
    var environment = Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0", -1);
    assertThat(environment)
        .allMatch(entry -> entry.isEmpty() || entry.matches("(PATH|LC_ALL|PG[A-Z_]*)=.*"));
  }

  @Test
  void theServerHasNoPrivilegeAndASessionOfItsOwn() throws Exception {
    var pid = PidFile.read(Scene.data(dataDir)).orElseThrow().pid();
    var status = Files.readString(Path.of("/proc/" + pid + "/status"));
    assertThat(status)
        .contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "NSsid:\t" + pid + "\n");
  }

  @Test
  void theAddressDoesNotPrintItsPassword() {
    assertThat(database.address().toString())
        .contains("127.0.0.1")
        .doesNotContain(database.address().password());
  }

  @Test
  void noStatementIsLogged() throws Exception {
    assertThatThrownBy(() -> sql(database.address(), "SELECT 'very private' FROM no_such_table"))
        .hasMessageContaining("no_such_table");
    // The line about the failed statement is written before the answer is sent.
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(new PostgresHome(dataDir).log())
                .content()
                .contains("no_such_table")
                .doesNotContain("very private"));
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

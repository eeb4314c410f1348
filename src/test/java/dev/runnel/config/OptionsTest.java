package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.ExecutionOptions.RunEnvironment;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir Path dir;

  private Options load(Map<String, String> environment, Map<String, String> settings) {
    return Options.load(dir, null, environment, settings);
  }

  private void usualFile(String yaml) throws Exception {
    Files.createDirectories(dir.resolve("conf"));
    Files.writeString(dir.resolve("conf/runnel.yaml"), yaml);
  }

  @Test
  void withoutAnySourceTheDefaultsHold() {
    var options = load(Map.of(), Map.of());
    assertThat(options.http().port()).isEqualTo(8090);
    assertThat(options.http().bosbaseBodyLimit()).isEqualTo(32L << 20);
    assertThat(options.execution().syncTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(options.execution().runEnvironment()).isEqualTo(RunEnvironment.FILTERED);
    assertThat(options.execution().bashLogin()).isEqualTo(BashLogin.SNAPSHOT);
    assertThat(options.database().url()).isNull();
    assertThat(options.data().dir()).isEqualTo(dir.resolve(".runnel"));
  }

  @Test
  void eachSourceWinsOverTheOneBefore() throws Exception {
    usualFile("http:\n  port: 1\n  host: a\nlog:\n  cap: 1 MiB\n");
    var options =
        load(Map.of("RUNNEL_HTTP_PORT", "2", "RUNNEL_HTTP_HOST", "b"), Map.of("http.port", "3"));
    assertThat(options.http().port()).isEqualTo(3);
    assertThat(options.http().host()).isEqualTo("b");
    assertThat(options.log().cap()).isEqualTo(1 << 20);
  }

  @Test
  void anEmptyValueCountsAsNotGiven() throws Exception {
    usualFile("http:\n  port: 1\n  host: ''\n");
    var options = load(Map.of("RUNNEL_HTTP_PORT", ""), Map.of("http.port", ""));
    assertThat(options.http().port()).isEqualTo(1);
    assertThat(options.http().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void pathsAreAbsolute() {
    var options = load(Map.of("EXECUTE_PATH", "x/../f", "RUNNEL_DATA_DIR", "/d"), Map.of());
    assertThat(options.execution().path()).isEqualTo(dir.resolve("f"));
    assertThat(options.data().dir()).isEqualTo(Path.of("/d"));
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 0",
    "http.port, 65535",
    "http.host, ::1",
    "execution.killGrace, 0",
    "execution.killGrace, 5 min",
    "execution.killGrace, 300000",
    "execution.runEnvironment, NONE",
    "execution.bashLogin, False",
    "execution.bashLogin, true",
    "execution.bashLogin, Exec",
    "log.ring, 1 GiB",
    "database.url, postgresql://me:p%40ss@[::1]:5432/db?sslmode=require",
    "database.url, postgresql://db/runnel",
    "database.schema, runnel_2",
    "data.secretKey, " + KEY,
    "execution.runAs, www-data"
  })
  void takes(String key, String value) {
    var options = load(Map.of(), Map.of(key, value));
    assertThat(options.shown().get(key)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, SNAPSHOT", "snapshot, SNAPSHOT", "exec, EXEC", "false, OFF", "OFF, OFF"})
  void otherWordsStandForValues(String word, BashLogin meant) {
    assertThat(load(Map.of("SCRIPTS_BASH_LOGIN", word), Map.of()).execution().bashLogin())
        .isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 65536",
    "http.port, -1",
    "http.port, 80 s",
    "http.port, 99999999999999999999",
    "http.host, 'a b'",
    "http.bosbaseBodyLimit, 1023",
    "http.bosbaseBodyLimit, 2 GiB",
    "http.pingInterval, 99 ms",
    "execution.slots, many",
    "execution.runEnvironment, all",
    "execution.bashLogin, yes",
    "execution.runAs, -u",
    "execution.path, 'a\0b'",
    "database.connections, 1",
    "database.schema, pg_mine",
    "database.schema, 'x\"; drop'"
  })
  void refusesAndSaysWhatWasGivenAndWhatIsAllowed(String key, String value) {
    var field = OptionTree.FIELDS.get(key);
    assertThatThrownBy(() -> load(Map.of(), Map.of(key, value)))
        .isInstanceOf(BadOption.class)
        .hasMessageStartingWith(key + " (" + field.option().variable() + "): \"")
        .hasMessageContaining(" from --set is not allowed; allowed: ")
        .message()
        .hasLineCount(1)
        .doesNotContain("\0")
        .doesNotEndWith("allowed: ");
  }

  @Test
  void aMessageReadsLikeThis() {
    assertThatThrownBy(() -> load(Map.of("RUNNEL_SYNC_TIMEOUT", "2 days"), Map.of()))
        .hasMessage(
            "execution.syncTimeout (RUNNEL_SYNC_TIMEOUT): \"2 days\" from the environment is not"
                + " allowed; allowed: 100 ms to 24 h, in ms, s, min, h or d");
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNEL_SECRET_KEY, hidden",
    "RUNNEL_SECRET_KEY, hiddenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "RUNNEL_SECRET_KEY, hiddenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "RUNNEL_SUPERUSER_PASSWORD, hidden7",
    "RUNNEL_DATABASE_URL, mysql://me:hidden@db/x",
    "RUNNEL_DATABASE_URL, postgres://me:hidden@db/x",
    "RUNNEL_DATABASE_URL, postgresql://me:hidden@db",
    "RUNNEL_DATABASE_URL, 'postgresql://me:hidden@one,two/x'",
    "RUNNEL_DATABASE_URL, postgresql://me:hid/hidden@db/x",
    "ADMIN_PASSWORD, 'hidden\n'"
  })
  void aWrongSecretIsRefusedWithoutShowingIt(String variable, String value) {
    assertThatThrownBy(() -> load(Map.of(variable, value), Map.of()))
        .isInstanceOf(BadOption.class)
        .hasMessageContaining(variable)
        .hasMessageContaining("the value from the environment is not allowed")
        .message()
        .doesNotContain("hidden");
  }

  @Test
  void aSuperusersPasswordHasEightToSeventyOneCharacters() {
    var email = Map.of("account.superuserEmail", "me@example.org");
    for (var length : new int[] {8, 71}) {
      load(Map.of("RUNNEL_SUPERUSER_PASSWORD", "x".repeat(length)), email);
    }
    for (var length : new int[] {7, 72}) {
      assertThatThrownBy(() -> load(Map.of("RUNNEL_SUPERUSER_PASSWORD", "x".repeat(length)), email))
          .hasMessageEndingWith("allowed: 8 to 71 characters");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "account.superuserEmail, me@example.org, account.superuserPassword",
    "account.superuserPassword, long enough, account.superuserEmail",
    "account.adminUsername, me, account.adminPassword",
    "account.adminPassword, x, account.adminUsername"
  })
  void halfOfAPairIsRefused(String given, String value, String missing) {
    assertThatThrownBy(() -> load(Map.of(), Map.of(given, value)))
        .isInstanceOf(BadOption.class)
        .hasMessageStartingWith(given)
        .hasMessageContaining("from --set, but " + missing)
        .hasMessageEndingWith("set both or neither");
  }

  @Test
  void theKeysNeverLieWhereScriptsMayWrite() {
    assertThatThrownBy(() -> load(Map.of(), Map.of("data.dir", "functions")))
        .isInstanceOf(BadOption.class)
        .hasMessageContaining("data.dir (RUNNEL_DATA_DIR)");
    var below = Map.of("data.dir", "functions/data", "execution.runAs", "nobody");
    assertThatThrownBy(() -> load(Map.of(), below)).isInstanceOf(BadOption.class);
  }

  @Test
  void everythingWrongIsSaidAtOnce() throws Exception {
    usualFile("http:\n  port: x\n");
    assertThatThrownBy(
            () -> load(Map.of("RUNNEL_SLOTS", "x"), Map.of("log.cap", "x", "no.such", "x")))
        .isInstanceOfSatisfying(
            BadOption.class,
            bad -> {
              assertThat(bad.problems()).hasSize(4);
              assertThat(bad.getMessage()).hasLineCount(4);
            });
  }

  @Test
  void aWrongValueIsRefusedAlsoWhereAnotherSourceWouldWin() throws Exception {
    usualFile("http:\n  port: x\n");
    assertThatThrownBy(() -> load(Map.of("RUNNEL_HTTP_PORT", "1"), Map.of()))
        .hasMessageContaining("conf/runnel.yaml line 2");
  }

  @ParameterizedTest
  @CsvSource({
    "http.prot, http has host",
    "http.port.x, http has host",
    "http, http has host",
    "nothing, 'the groups are http, database'",
    "HTTP.port, the groups are"
  })
  void anUnknownSettingIsRefusedAndToldWhatThereIs(String key, String offered) {
    assertThatThrownBy(() -> load(Map.of(), Map.of(key, "1")))
        .isInstanceOf(BadOption.class)
        .hasMessageStartingWith("--set \"" + key + "\" is not an option; " + offered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "data", "database", ""})
  void noTextOfTheTreeShowsASecret(String group) {
    var options =
        load(
            Map.of(),
            Map.of(
                "account.superuserEmail", "me@example.org",
                "account.superuserPassword", "hidden-password",
                "account.adminUsername", "me",
                "account.adminPassword", "hidden",
                "database.url", "postgresql://me:hidden@db/x",
                "data.secretKey", KEY));
    var text =
        switch (group) {
          case "account" -> options.account().toString();
          case "data" -> options.data().toString();
          case "database" -> options.database().toString();
          default -> options.toString() + options.shown();
        };
    assertThat(text).contains("(set)").doesNotContain("hidden").doesNotContain(KEY);
  }

  @Test
  void valuesAreShownWithTheirUnits() {
    assertThat(load(Map.of(), Map.of()).shown())
        .containsEntry("http.bosbaseBodyLimit", "32 MiB")
        .containsEntry("execution.syncTimeout", "5 min")
        .containsEntry("execution.runEnvironment", "filtered")
        .containsEntry("execution.slots", "0")
        .containsEntry("database.url", "");
  }

  @Test
  void everyVariableIsListedOnceAndMisspelledOnesAreFound() {
    assertThat(Options.variables())
        .hasSameSizeAs(Options.rows())
        .contains("EXECUTE_PATH", "ADMIN_PASSWORD", "RUNNEL_HTTP_PORT");
    assertThat(
            Options.unread(
                Map.of("RUNNEL_HTTP_PROT", "", "RUNNEL_RUN_ID", "", "RUNNEL_SLOTS", "", "A", "")))
        .containsExactly("RUNNEL_HTTP_PROT");
  }

  @Test
  void everyOptionIsDescribedInFull() {
    for (var row : Options.rows()) {
      assertThat(row.meaning()).as(row.key()).endsWith(".");
      assertThat(OptionTree.FIELDS.get(row.key()).option())
          .as(row.key())
          .satisfies(option ->
              assertThat(option.pattern().isEmpty()).isEqualTo(option.allowed().isEmpty()))
          .satisfies(
              option -> assertThat(option.min().isEmpty()).isEqualTo(option.max().isEmpty()));
    }
  }

  @Test
  void whatHasNoDefaultMayBeNullAndNothingElse() {
    groups()
        .flatMap(group -> Arrays.stream(group.getType().getRecordComponents()))
        .forEach(option ->
            assertThat(option.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .as(option.toString())
                .isEqualTo(option.getAnnotation(Option.class).initial().isEmpty()));
  }

  private static Stream<RecordComponent> groups() {
    return Arrays.stream(Options.class.getRecordComponents());
  }
}

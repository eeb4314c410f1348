package dev.runnel.execution;

import static dev.runnel.config.ExecutionOptions.RunEnvironment.FILTERED;
import static dev.runnel.config.ExecutionOptions.RunEnvironment.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import dev.runnel.script.EnvVariable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildEnvironmentTest {
  private static final Path FUNCTIONS = Path.of("/pb/functions");

  private static Map<String, String> filtered(String name, String value) {
    return ChildEnvironment.of(
        Map.of(name, value), FILTERED, Set.of("ADMIN_USERNAME", "EXECUTE_PATH"), FUNCTIONS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MYSQL_PASSWORD",
        "PGPASSWORD",
        "PGPASSFILE",
        "htpasswd_file",
        "SSH_PASSPHRASE",
        "SMTP_PASS",
        "MYSQL_PWD",
        "CLIENT_SECRET_ID",
        "GITHUB_TOKEN",
        "npm_config__authtoken",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "SOME_APIKEY",
        "OPENAI_API_KEY",
        "AWS_ACCESS_KEY_ID",
        "SSH_PRIVATE_KEY_FILE",
        "ENCRYPTION_KEY",
        "REDISCLI_AUTH",
        "SESSION_JWT",
        "ERLANG_COOKIE",
        "SENTRY_DSN",
        "DATABASE_URL",
        "REPORTS_DATABASE_URL",
        "AZURE_STORAGE_CONNECTION_STRING",
        "SLACK_WEBHOOK_URL",
        "PASS",
        "DBPASS",
        "KEY",
        "SIGNING_KEYS",
        "HMAC_KEY_V2",
        "GITHUB_PAT",
        "STEAM_OTP",
        "AWS_CREDS",
        "AUTH",
        "DOCKER_AUTH_CONFIG",
        "PROXY_AUTHORIZATION",
        "BEARER",
        "JWT",
        "COOKIE",
        "ADMIN_USERNAME",
        "RUNNEL_NOT_YET_AN_OPTION",
        "RUNNEL_RUN_ID",
        "SCRIPT_ID"
      })
  void noScriptSees(String name) {
    assertThat(filtered(name, "x")).containsOnlyKeys("EXECUTE_PATH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "HOME",
        "PWD",
        "OLDPWD",
        "LANG",
        "KEYBOARD",
        "SSH_AUTH_SOCK",
        "PYTHONPATH",
        "TOKENIZERS_PARALLELISM",
        "GPG_KEY",
        "MAX_TOKENS",
        "TIKTOKEN_CACHE_DIR",
        "COMPASS",
        "XAUTHORITY",
        "PATTERN",
        "KEYMAP",
        "AUTHOR",
        "LS_COLORS"
      })
  void scriptsSee(String name) {
    assertThat(filtered(name, "x")).containsEntry(name, "x");
  }

  @ParameterizedTest
  @CsvSource({
    "http_proxy, http://me:hidden@proxy:3128",
    "REDIS_URL, redis://:hidden@cache",
    "MIRRORS, 'https://one https://me:hid/den@two'",
    "JDBC, jdbc:postgresql://db/x?user=me&password=hidden",
    "CONN, 'host=db password=hidden'",
    "STORAGE, 'AccountName=a;AccountKey=hidden'",
    "PEM, -----BEGIN RSA PRIVATE KEY-----",
    "JAVA_OPTS, -Ddb.password=hidden -Xmx1g",
    "SETTINGS, '{\"client_secret\": \"hidden\"}'",
    "CI, ghp_0123456789abcdefABCDEF",
    "CLOUD, AKIA0123456789ABCDEF",
    "SESSION, eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImEifQ.c2ln",
    "TIKTOKEN_CACHE_DIR, https://me:hidden@host/"
  })
  void aValueThatLooksLikeASecretStaysHome(String name, String value) {
    assertThat(filtered(name, value)).containsOnlyKeys("EXECUTE_PATH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org:8443/@scope/package",
        "https://me@example.org",
        "me@example.org:repo.git",
        "postgresql://localhost:5432/db",
        "host=db user=me",
        "-----BEGIN PUBLIC KEY-----",
        "--tokens=5 passwordless=yes",
        "task-runner-of-the-office",
        ""
      })
  void ordinaryValuesPass(String value) {
    assertThat(filtered("PLACE", value)).containsEntry("PLACE", value);
  }

  @Test
  void whatHoldsOneOfTheServicesOwnSecretsStaysHomeWhateverItsName() {
    var service =
        Map.of(
            "ADMIN_PASSWORD", "correct-horse", "SHORT_PASSWORD", "a", "NOTE", "is correct-horse");
    assertThat(ChildEnvironment.of(service, FILTERED, Set.of("ADMIN_PASSWORD"), FUNCTIONS))
        .containsOnlyKeys("EXECUTE_PATH");
    var brief = Map.of("ADMIN_PASSWORD", "a", "NOTE", "a note");
    assertThat(ChildEnvironment.of(brief, FILTERED, Set.of("ADMIN_PASSWORD"), FUNCTIONS))
        .containsEntry("NOTE", "a note");
  }

  @Test
  void theReadmeNamesEveryPattern() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .contains(SecretLooking.NAMES.stream().map(name -> "`" + name + "`").toList())
        .contains(SecretLooking.HARMLESS_NAMES.stream().map(name -> "`" + name + "`").toList());
  }

  @Test
  void executePathIsAlwaysTheServicesOwnAndAbsolute() {
    assertThat(filtered("EXECUTE_PATH", "elsewhere"))
        .containsEntry("EXECUTE_PATH", "/pb/functions");
    assertThat(ChildEnvironment.of(Map.of(), NONE, Set.of(), Path.of("a/../functions")))
        .containsEntry("EXECUTE_PATH", Path.of("functions").toAbsolutePath().toString());
  }

  @Test
  void noneLeavesPathHomeAndExecutePath() {
    var service = Map.of("PATH", "/bin", "HOME", "/root", "LANG", "C", "EXECUTE_PATH", "x");
    assertThat(ChildEnvironment.of(service, NONE, Set.of(), FUNCTIONS))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("PATH", "/bin", "HOME", "/root", "EXECUTE_PATH", "/pb/functions"));
  }

  @Test
  void laterValuesWinAndReservedOnesOverAll() {
    var environment =
        ChildEnvironment.withRun(
            Map.of("PATH", "/bin", "A", "service", "B", "service"),
            List.of(new EnvVariable("A", "script"), new EnvVariable("RUNNEL_RUN_ID", "forged")),
            List.of(new EnvVariable("B", "run"), new EnvVariable("API_TOKEN", "given")),
            Map.of("RUNNEL_RUN_ID", "42"));
    assertThat(environment)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH", "/bin",
                "A", "script",
                "B", "run",
                "API_TOKEN", "given",
                "RUNNEL_RUN_ID", "42"));
  }

  @ParameterizedTest
  @CsvSource({"'', x", "A=B, x", "A\0B, x", "A, 'x\0'"})
  void whatNoProcessCanBeGivenIsRefused(String key, String value) {
    assertThatThrownBy(() ->
            ChildEnvironment.withRun(
                Map.of(), List.of(new EnvVariable(key, value)), List.of(), Map.of()))
        .isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void theListsAreWrittenInUpperCaseAndEveryAllowedNameIsNeeded() {
    assertThat(SecretLooking.NAMES).allMatch(name -> !name.matches(".*[a-z].*"));
    assertThat(SecretLooking.HARMLESS_NAMES)
        .allMatch(name ->
            SecretLooking.NAMES.stream()
                .anyMatch(pattern -> name.matches(pattern.replace("*", ".*"))));
  }
}

package dev.runnel.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.DebianServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that cannot be mistaken, and every place where none of them may turn up. */
class CanaryTest {
  private static final String DATABASE = "canary-database-1c9e";
  private static final String ADMIN = "canary-admin-4d2b";
  private static final String OWNER = "canary-owner-8a7f";
  private static final String SCRIPT = "canary-script-2e5c";
  private static final String RUN = "canary-run-9b3d";
  private static final String GUESS = "canary-guess-6f1a";
  private static final String KEY = "canary-key-0123456789-0123456789";
  private static final String KEY_TEXT = Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8));

  /** Its own lines name no canary. */
  private static final String SPY =
      "env; grep -lae '[c]anary-' /proc/[0-9]*/environ /proc/[0-9]*/cmdline";

  @TempDir Path home;

  private final StringBuilder answers = new StringBuilder();
  private final Map<String, String> places = new LinkedHashMap<>();

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Map<String, String> options(DebianServer server) {
    var options = new HashMap<String, String>();
    options.put("RUNNEL_DATABASE_URL", server.url("postgres", DATABASE));
    options.put("RUNNEL_SECRET_KEY", KEY_TEXT);
    options.put("RUNNEL_SUPERUSER_EMAIL", ServiceProcess.EMAIL);
    options.put("RUNNEL_SUPERUSER_PASSWORD", OWNER);
    options.put("ADMIN_USERNAME", "admin");
    options.put("ADMIN_PASSWORD", ADMIN);
    options.put("COPY_OF_IT", "as in " + ADMIN);
    options.put("SCRIPTS_BASH_LOGIN", "false");
    options.put(ServiceProcess.LOG_LEVEL, "DEBUG");
    if (isRoot()) {
      options.put("RUNNEL_RUN_AS", "nobody");
    }
    return options;
  }

  @Test
  void noSecretTurnsUpWhereItDoesNotBelong() throws Exception {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    try (var server = DebianServer.own()) {
      var options = options(server);
      String token;
      try (var service = ServiceProcess.start(home, options)) {
        var client = Client.basic(service.url(), ServiceProcess.EMAIL, OWNER);
        token = login(client);
        use(client);
        misuse(client, token);
        spy(client);
        exported(options);
        places.put("exporting", Ended.of(home, options, List.of("export", "out")).output());
        places.put("service log", service.output());
        places.put("database", server.dump("postgres"));
      }
      places.put("answers", answers.toString());
      places.put("files", files());
      for (var place : places.entrySet()) {
        for (var canary : List.of(DATABASE, ADMIN, OWNER, SCRIPT, RUN, GUESS, KEY, KEY_TEXT)) {
          absent(place.getKey(), place.getValue(), canary);
        }
        absent(place.getKey(), place.getValue(), token);
      }
      assertThat(places.get("service log")).contains("DEBUG");
      assertThat(places.get("database")).contains("fails", "runs");
      assertThat(places.get("answers")).contains("\"failed\"", "\"succeeded\"");
      assertThat(places.get("files")).contains("script.json");
    }
  }

  /** Not as it is, nor as bytea is printed, nor in base64. */
  private static void absent(String place, String text, String canary) {
    for (var form :
        List.of(
            canary,
            HexFormat.of().formatHex(canary.getBytes(UTF_8)),
            Base64.getEncoder().withoutPadding().encodeToString(canary.getBytes(UTF_8)))) {
      var at = text.indexOf(form);
      assertThat(at < 0 ? "" : text.substring(Math.max(0, at - 200), at + form.length()))
          .as("%s in %s", canary, place)
          .isEmpty();
    }
  }

  /** The only answers that may hold a token. */
  private static String login(Client client) {
    return client
        .send(
            "POST",
            "/api/collections/_superusers/auth-with-password",
            "{\"identity\":\"%s\",\"password\":\"%s\"}".formatted(ServiceProcess.EMAIL, OWNER),
            Map.of())
        .expect(200)
        .at("/token")
        .asText();
  }

  private Client.Reply heard(Client.Reply reply) {
    answers.append(reply.response().headers().map()).append(reply.response().body()).append('\n');
    return reply;
  }

  private Client.Reply send(Client client, String method, String path, String body) {
    return heard(client.send(method, path, body, Map.of()));
  }

  /** Runs that succeed, fail, cannot start and are cancelled, with values of their own. */
  private void use(Client client) {
    var env = Map.of("env", List.of(Map.of("key", "VALUE", "value", SCRIPT)));
    client.create("works", "bash", "[ $VALUE = " + "$(printf %s \"$VALUE\") ]", env);
    client.create("fails", "bash", "echo no >&2; exit 3", env);
    client.create("cannot", "bash", "true", Map.of("defaultWorkingDirectory", "/no/such"));
    client.create("hangs", "bash", "sleep 600", env);
    client.create("throws", "node", "throw new Error('no')", env);
    client.create("raises", "python", "raise ValueError(1)", env);
    for (var name : List.of("works", "fails", "cannot", "hangs", "throws", "raises")) {
      var body = "{\"env\":{\"GIVEN\":\"" + RUN + "\"}}";
      var run =
          send(client, "POST", "/api/admin/scripts/" + name + "/run", body).at("/runId").asText();
      if (name.equals("hangs")) {
        client.record(run);
        send(client, "POST", "/api/admin/scripts/runs/" + run + "/cancel", null);
      }
      if (!run.isEmpty()) {
        client.ended(run);
        send(client, "GET", "/api/admin/scripts/runs/" + run, null);
        send(client, "GET", "/api/admin/scripts/runs/" + run + "/full-output", null);
        send(client, "GET", "/api/admin/scripts/runs/" + run + "/stream", null);
      }
    }
    send(client, "POST", "/api/scripts/fails/execute", "{\"arguments\":[]}");
    send(client, "GET", "/api/admin/scripts?fields=summary", null);
    send(client, "GET", "/api/admin/scripts/runs", null);
    send(client, "GET", "/api/scripts", null);
    send(client, "GET", "/api/health", null);
  }

  /** What a server that explains too much would repeat. */
  private void misuse(Client client, String token) {
    var guest = Client.basic(client.url(), "admin", GUESS);
    send(guest, "GET", "/api/admin/scripts", null);
    send(guest, "GET", "/api/admin/scripts?token=" + GUESS, null);
    var login = "/api/collections/_superusers/auth-with-password";
    send(guest, "POST", login, "{\"identity\":\"a@example.com\",\"password\":\"" + GUESS + "\"}");
    send(guest, "POST", login, "{\"password\":\"" + GUESS + "\",");
    send(client, "GET", "/api/no/such/route?token=" + token, null);
    heard(client.send("GET", "/api/scripts/none", null, Map.of("Authorization", token)));
    heard(client.send("GET", "/api/scripts", null, Map.of("Authorization", token + "x")));
    heard(client.send("GET", "/api/scripts", null, Map.of("Cookie", "pb_auth=" + GUESS)));
    var scripts = "/api/admin/scripts";
    send(client, "POST", scripts, "{\"env\":[{\"key\":\"A\",\"value\":\"" + SCRIPT + "\"}]");
    send(client, "POST", scripts, "{\"env\":{\"A\":\"" + SCRIPT + "\\u0000\"}}");
    send(client, "PUT", scripts + "/works", "{\"env\":{\"1A\":\"" + SCRIPT + "\"}}");
    send(client, "PUT", scripts + "/works", "{\"env\":\"" + SCRIPT + "\"}");
    send(client, "POST", scripts + "/works/run", "{\"env\":[\"" + RUN + "\"]}");
    send(client, "POST", scripts + "/works/run", "{\"env\":{\"A\":{\"b\":\"" + RUN + "\"}}}");
  }

  /** Another script, as the user that scripts run as. */
  private void spy(Client client) {
    client.create("spies", "bash", SPY, Map.of());
    var seen = client.ended(client.run("spies"));
    var output = seen.get("outputTail").asText();
    assertThat(output).contains("EXECUTE_PATH=").doesNotContain("COPY_OF_IT");
    if (isRoot()) {
      assertThat(output.lines().filter(line -> line.startsWith("/proc/"))).isEmpty();
    }
    places.put("another script's output", output);
  }

  private void exported(Map<String, String> options) {
    var with = new HashMap<>(options);
    with.put(
        "RUNNEL_SECRET_KEY", Base64.getEncoder().encodeToString(GUESS.repeat(2).getBytes(UTF_8)));
    places.put("a wrong key", Ended.of(home, with, List.of("export", "never")).output());
    with.putAll(options);
    with.put("RUNNEL_DATABASE_URL", "postgresql://runnel:" + DATABASE + "@127.0.0.1:1/postgres");
    places.put("a dead database", Ended.of(home, with, List.of("export", "never")).output());
    with.put("RUNNEL_DATABASE_URL", "mysql://runnel:" + DATABASE + "@127.0.0.1:1/postgres");
    places.put("a wrong URL", Ended.of(home, with, List.of("export", "never")).output());
    places.put("doctor", Ended.of(home, options, List.of("doctor")).output());
  }

  /** Everything below the service's folders and the export. */
  private String files() throws IOException {
    var all = new StringBuilder();
    try (var paths = Files.walk(home)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        all.append(path)
            .append('\n')
            .append(Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}

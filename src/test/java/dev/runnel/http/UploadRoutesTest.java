package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /api/scripts/upload}, with whole forms, broken ones, and callers who go away. */
class UploadRoutesTest {
  private static final long LIMIT = 1 << 20;

  @TempDir Path home;

  @SuppressWarnings("NullAway.Init") // set before every test
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = new TestService(new MemoryBackend(), options("60 s"));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Options options(String stall) {
    return Options.load(
        home,
        null,
        Map.of(),
        Map.of(
            "execution.path",
            root().toString(),
            "http.port",
            "0",
            "http.uploadLimit",
            "1 MiB",
            "http.corsOrigins",
            "https://one.example, https://two.example:8443",
            "http.stallTimeout",
            stall));
  }

  private Path root() {
    return home.resolve("functions");
  }

  private List<String> names() throws IOException {
    if (!Files.exists(root())) {
      return List.of();
    }
    try (var files = Files.list(root())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Reply send(String token, String type, byte[] body) throws Exception {
    var headers = new HashMap<>(Map.of("Content-Type", type));
    if (!token.isEmpty()) {
      headers.put("Authorization", token);
    }
    return service.send("POST", "/api/scripts/upload", headers, body);
  }

  private Reply send(MultipartText form) throws Exception {
    return send(service.superuserToken, MultipartText.TYPE, form.bytes());
  }

  private void refused(MultipartText form, int status, String message) throws Exception {
    refused(send(form), status, message);
  }

  private void refused(Reply reply, int status, String message) throws Exception {
    assertThat(reply.body())
        .isEqualTo("{\"data\":{},\"message\":\"%s\",\"status\":%d}".formatted(message, status));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(names()).noneMatch(name -> name.startsWith(".upload"));
  }

  @Test
  void thePathMayBeSaidInJson() throws Exception {
    var said = new MultipartText().field("@jsonPayload", "{\"path\":\"sub/j.sh\"}");
    assertThat(send(said.file("upload.bin", "x")).body()).contains("uploaded sub/j.sh to ");
    var nothing = new MultipartText().field("@jsonPayload", "{}").field("path", "p.sh");
    assertThat(send(nothing.file("upload.bin", "x")).body()).contains("uploaded p.sh to ");
    refused(
        new MultipartText().field("@jsonPayload", "{\"path\":\"../x\"}").file("a", "x"),
        400,
        "Invalid path.");
    refused(
        new MultipartText().field("@jsonPayload", "{").file("a", "x"),
        400,
        "An error occurred while loading the submitted data.");
  }

  @Test
  void theFileIsStoredWhereThePathSays() throws Exception {
    var text = "#!/bin/sh\n--edge\r\necho é\r\n-- \0\r";
    var reply = send(new MultipartText().file("upload.bin", text).field("path", " sub//x.sh "));

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo(
            "{\"output\":\"uploaded sub/x.sh to %1$s\",\"path\":\"%1$s/sub/x.sh\"}"
                .formatted(root()));
    assertThat(root().resolve("sub/x.sh")).hasContent(text);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root().resolve("sub/x.sh"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(names()).containsExactly("sub");
  }

  @Test
  void withoutAPathItHasItsOwnName() throws Exception {
    assertThat(send(new MultipartText().file("deep/er/own.sh", "1")).body())
        .contains("uploaded own.sh to");
    assertThat(send(new MultipartText().field("path", " ").file("blank.sh", "2")).body())
        .contains("uploaded blank.sh to");
    assertThat(
            send(new MultipartText()
                    .field("other", "x")
                    .part("name=\"more\"; filename=\"m\"", "m")
                    .field("path", "first")
                    .file("a", "one")
                    .file("b", "two")
                    .field("path", "second"))
                .body())
        .contains("uploaded first to");
    assertThat(root().resolve("first")).hasContent("one");
    assertThat(send(new MultipartText().file("empty", "")).status()).isEqualTo(200);
    assertThat(root().resolve("empty")).isEmptyFile();
    assertThat(names()).containsExactly("blank.sh", "empty", "first", "own.sh");
  }

  @Test
  void whatIsNoUploadIsRefused() throws Exception {
    refused(new MultipartText().field("path", "x"), 400, "File is required.");
    refused(new MultipartText().field("file", "x").field("path", "x"), 400, "File is required.");
    refused(new MultipartText(), 400, "File is required.");
    refused(new MultipartText().file("", "x"), 400, "Path is required.");
    refused(new MultipartText().file("x/", "x"), 400, "Path is required.");
    var token = service.superuserToken;
    refused(send(token, MultipartText.TYPE, new byte[0]), 400, "File is required.");
    var json = "{\"file\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    refused(send(token, "application/json", json), 400, "File is required.");
    refused(send(token, "multipart/form-data", json), 400, "File is required.");
    var loading = "An error occurred while loading the submitted data.";
    refused(send(token, MultipartText.TYPE, json), 400, loading);
    var open = new MultipartText().file("x", "y").field("path", "z").open();
    refused(send(token, MultipartText.TYPE, open.getBytes(StandardCharsets.UTF_8)), 400, loading);
    assertThat(names()).isEmpty();
  }

  @Test
  void pathsThatLeadElsewhereAreRefused() throws Exception {
    Files.createDirectories(root());
    Files.createSymbolicLink(root().resolve("out"), home);
    for (var path :
        List.of(
            "../x",
            "a/../../x",
            "/etc/x",
            ".",
            "a/..",
            "a\0b",
            "a\nb",
            "x".repeat(300),
            "out/x",
            "out/functions/x/../../y",
            ".upload-mine",
            "/")) {
      refused(new MultipartText().file("x", "y").field("path", path), 400, "Invalid path.");
    }
    refused(new MultipartText().file("..", "y"), 400, "Invalid path.");
    refused(
        new MultipartText().file("x", "y").field("path", "p".repeat(10_000)), 400, "Invalid path.");
    assertThat(names()).containsExactly("out");
    assertThat(home.resolve("x")).doesNotExist();
  }

  @Test
  void whatCannotBeReplacedIsNot() throws Exception {
    Files.createDirectories(root().resolve("directory"));
    Files.writeString(root().resolve("file"), "old");
    refused(new MultipartText().file("directory", "x"), 500, "Failed to store uploaded file.");
    refused(
        new MultipartText().file("x", "y").field("path", "file/x"),
        500,
        "Failed to prepare upload destination.");
    var script = "{\"name\":\"stored.sh\",\"content\":\"true\"}".getBytes(StandardCharsets.UTF_8);
    var headers =
        Map.of("Authorization", service.superuserToken, "Content-Type", "application/json");
    assertThat(service.send("POST", "/api/scripts", headers, script).status()).isEqualTo(201);
    assertThat(send(new MultipartText().file("x", "y").field("path", "scripts/stored.sh")).body())
        .contains("\"status\":400", "Scripts/stored.sh is a stored script");
    assertThat(send(new MultipartText().file("x", "y").field("path", "scripts/helper.sh")).status())
        .isEqualTo(200);
  }

  @Test
  void onlySuperusersUploadAndNobodyElsesBytesAreRead() throws Exception {
    var form = new MultipartText().file("x", "y").bytes();
    assertThat(send("", MultipartText.TYPE, form).status()).isEqualTo(401);
    assertThat(send(service.userToken, MultipartText.TYPE, form).status()).isEqualTo(403);
    assertThat(names()).isEmpty();
    try (var connection = new RawConnection(service.port())) {
      connection.say(head(service.userToken, "Content-Length: 500000\r\nExpect: 100-continue\r\n"));
      assertThat(connection.line()).startsWith("HTTP/1.1 403");
    }
  }

  private static String head(String token, String headers) {
    return "POST /api/scripts/upload HTTP/1.1\r\nHost: x\r\nAuthorization: "
        + token
        + "\r\nContent-Type: "
        + MultipartText.TYPE
        + "\r\n"
        + headers
        + "\r\n";
  }

  @Test
  void overTheLimitNothingIsReadOrKept() throws Exception {
    var exactly = "x".repeat((int) LIMIT);
    assertThat(send(new MultipartText().file("exactly", exactly)).status()).isEqualTo(200);
    refused(new MultipartText().file("more", exactly + "x"), 413, "Request entity too large.");
    try (var connection = new RawConnection(service.port())) {
      connection.say(
          head(
              service.superuserToken,
              "Content-Length: " + (LIMIT + (1 << 20)) + "\r\nExpect: 100-continue\r\n"));
      assertThat(connection.line()).startsWith("HTTP/1.1 413");
    }
    try (var connection = new RawConnection(service.port())) {
      connection.say(head(service.superuserToken, "Transfer-Encoding: chunked\r\n"));
      chunk(connection, new MultipartText().part("name=\"file\"; filename=\"x\"", "").open());
      for (int i = 0; i < 40; i++) {
        chunk(connection, "x".repeat(64 * 1024));
      }
      refused(connection.reply(), 413, "Request entity too large.");
    }
    assertThat(names()).containsExactly("exactly");
  }

  private static void chunk(RawConnection connection, String text) throws IOException {
    connection.say(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  @Test
  void aFormThatComesByteByByteIsStored() throws Exception {
    var form = new MultipartText().file("x", "drop\r\n by drop").field("path", "slow").bytes();
    try (var connection = new RawConnection(service.port())) {
      connection.say(
          head(
              service.superuserToken,
              "Expect: 100-continue\r\nContent-Length: " + form.length + "\r\n"));
      assertThat(connection.line()).isEqualTo("HTTP/1.1 100 Continue");
      connection.line();
      for (var b : form) {
        connection.say(new byte[] {b});
      }
      assertThat(connection.reply().body()).contains("uploaded slow to");
      connection.say("GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.reply().status()).as("the connection goes on").isEqualTo(200);
    }
    assertThat(root().resolve("slow")).hasContent("drop\r\n by drop");
  }

  /** So much of a form that its file has been begun. */
  private RawConnection begun(TestService service) throws Exception {
    var connection = new RawConnection(service.port());
    connection.say(head(service.superuserToken, "Content-Length: 900000\r\n"));
    connection.say(new MultipartText().part("name=\"file\"; filename=\"x\"", "").open());
    connection.say("x".repeat(300_000));
    await().until(() -> names().stream().anyMatch(name -> name.startsWith(".upload")));
    return connection;
  }

  @Test
  void whoGoesAwayLeavesNothing() throws Exception {
    begun(service).close();
    await().until(() -> names().isEmpty());
  }

  @Test
  void whoStopsSendingIsSentAwayAndLeavesNothing() throws Exception {
    try (var impatient = new TestService(new MemoryBackend(), options("1 s"));
        var connection = begun(impatient)) {
      refused(connection.reply(), 408, "The request body did not arrive in time.");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void whoOnlyTricklesIsSentAwayToo() throws Exception {
    try (var impatient = new TestService(new MemoryBackend(), options("1 s"));
        var connection = begun(impatient);
        var drops = Executors.newSingleThreadScheduledExecutor()) {
      var dropping =
          drops.scheduleAtFixedRate(() -> drop(connection), 0, 100, TimeUnit.MILLISECONDS);
      assertThat(connection.reply().status()).isEqualTo(408);
      dropping.cancel(true);
    }
  }

  private static void drop(RawConnection connection) {
    try {
      connection.say("x");
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  @Test
  void manyAtOnceArriveWhole() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 60; i++) {
        var content = (i % 20 + "-").repeat(20_000 + i % 20);
        var form = new MultipartText().file("x", content).field("path", "many/" + i % 20);
        all.add(threads.submit(() -> send(form)));
      }
      for (var one : all) {
        assertThat(one.get().status()).as(one.get().body()).isEqualTo(200);
      }
    }
    for (int i = 0; i < 20; i++) {
      assertThat(root().resolve("many/" + i)).hasContent((i + "-").repeat(20_000 + i));
    }
    assertThat(names()).containsExactly("many");
  }

  @Test
  void onlyListedSitesMayCallFromAPage() throws Exception {
    for (var origin : List.of("https://one.example", "HTTPS://Two.example:8443")) {
      var reply = service.send("OPTIONS", "/x", Map.of("Origin", origin), new byte[0]);
      assertThat(reply.headers().get("Access-Control-Allow-Origin")).isEqualTo(origin);
      assertThat(reply.headers().get("Access-Control-Allow-Methods")).contains("PATCH");
    }
    for (var origin : List.of("https://two.example", "http://one.example", "null", "")) {
      var reply = service.send("OPTIONS", "/x", Map.of("Origin", origin), new byte[0]);
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.headers().names()).doesNotContain("Access-Control-Allow-Origin");
      assertThat(reply.headers().get("Vary")).isEqualTo("Origin");
    }
  }
}

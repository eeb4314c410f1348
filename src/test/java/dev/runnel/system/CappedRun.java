package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.store.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * One run that prints far more than the log keeps, measured from outside.
 *
 * @param record of the run after its end
 * @param frames its events, the newest of them still from memory
 * @param storedBytes of output
 * @param walBytes that the database wrote for it
 * @param grownBytes how much the service's resident memory grew at most
 */
record CappedRun(
    JsonNode record, List<Events.Frame> frames, long storedBytes, long walBytes, long grownBytes) {
  private static final String LINE = "0123456789".repeat(19) + "012345678\n";

  /** A definition that prints so many bytes in lines of 200. */
  static String create(Client client, long bytes) {
    return client.create(
        "flood-" + bytes,
        "bash",
        "yes " + LINE.strip() + " | head -c " + bytes,
        Map.of("timeoutMs", 600_000));
  }

  /** Runs it to its end on a service whose database is the embedded one of this home. */
  static CappedRun run(ServiceProcess service, Path home, long bytes) throws Exception {
    var client = service.client();
    var script = create(client, bytes);
    client.ended(client.run(create(client, 1_000_000)));
    try (var postgres = EmbeddedPostgres.attachOrOpen(home.resolve("data"), b -> b.start())) {
      var before = service.residentBytes();
      var position = wal(postgres);
      var run = client.run(script);
      var highest = peak(service, client);
      var record = client.record(run);
      var written = wal(postgres) - position;
      try (var events = Events.of(client, run, 0)) {
        var raw = client.get("/api/admin/scripts/runs/" + run + "/download?raw=1").expect(200);
        return new CappedRun(
            record,
            events.take(Integer.MAX_VALUE),
            raw.response().body().length(),
            written,
            highest - before);
      }
    }
  }

  /** The largest resident memory until nothing runs any more. */
  private static long peak(ServiceProcess service, Client client) {
    var highest = new AtomicLong();
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          highest.accumulateAndGet(service.residentBytes(), Math::max);
          var running = client.get("/api/admin/scripts/runs?limit=1&status=running");
          return running.expect(200).at("/items").isEmpty();
        });
    return highest.get();
  }

  private static long wal(EmbeddedPostgres postgres) throws SQLException {
    var address = postgres.address();
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Holds what is promised of every such run. */
  void holds(long bytes, long cap) throws NoSuchAlgorithmException {
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("outputSize").asLong()).isEqualTo(bytes);
    assertThat(record.get("lineCount").asLong()).isEqualTo(bytes / LINE.length());
    assertThat(record.get("stdoutSha256").asText()).isEqualTo(sha256(bytes));
    assertThat(record.get("logTruncated").asBoolean()).isTrue();
    var done = frames.getLast();
    assertThat(done.event()).isEqualTo("done");
    assertThat(done.data().get("stdoutBytes").asLong()).isEqualTo(bytes);
    assertThat(done.data().get("stdoutSha256").asText()).isEqualTo(sha256(bytes));
    assertThat(done.data().get("lastSeq").asText()).isEqualTo(done.id());
    var gaps = frames.stream().filter(frame -> frame.event().equals("gap")).toList();
    assertThat(gaps).hasSize(1);
    assertThat(Events.text(frames).length() + gaps.getFirst().data().get("bytes").asLong())
        .isEqualTo(bytes);
    assertThat(storedBytes).isBetween(cap - 2 * (64 << 10), cap + (64 << 10));
    assertThat(walBytes).as("bytes of WAL").isLessThan(5 * cap);
  }

  private static String sha256(long bytes) throws NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    var lines = LINE.repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    var left = bytes;
    for (; left >= lines.length; left -= lines.length) {
      digest.update(lines);
    }
    digest.update(lines, 0, (int) left);
    return HexFormat.of().formatHex(digest.digest());
  }
}

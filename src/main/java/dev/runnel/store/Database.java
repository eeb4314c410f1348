package dev.runnel.store;

import dev.runnel.problem.Problem;
import dev.runnel.secret.CannotOpen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Connections to PostgreSQL with all tables in place. No answer takes longer than a bounded time: a
 * server that is away, stopping or hung is {@code Unavailable}; when it is back the next question
 * finds it.
 */
public final class Database {
  /** For one statement; a commit that takes longer means a server in trouble. */
  private static final Duration STATEMENT = Duration.ofSeconds(5);

  /** For the question whether the database answers at all; whoever asks waits little longer. */
  private static final Duration HEALTH = Duration.ofMillis(600);

  /** For a connection, new or from the pool. */
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** How often a start waits so long for its first connection. */
  private static final int FIRST_TRIES = 10;

  private static final int STATEMENTS_IN_FLIGHT = 64;

  /** Longer than any statement of ours; what is over the limit would be planned at each call. */
  private static final int CACHED_SQL_LENGTH = 32_768;

  private static final Sealer NOTHING_TO_LEARN =
      Sealer.of(UnaryOperator.identity(), UnaryOperator.identity());

  /** Few connections carry the many short statements of runs: more would only wake more servers. */
  private static final int QUICK_CONNECTIONS = 2;

  private final Pool pool;
  private final Pool quickPool;
  private final String name;
  private final String namePrefix;
  private final Sealer sealer;
  private final AtomicLong answered;

  private Database(
      Pool pool,
      Pool quickPool,
      String namePrefix,
      String name,
      Sealer sealer,
      AtomicLong answered) {
    this.pool = pool;
    this.quickPool = quickPool;
    this.namePrefix = namePrefix;
    this.name = name;
    this.sealer = sealer;
    this.answered = answered;
  }

  /**
   * The same connections; who cannot open a value that was read learns new keys and tries again.
   */
  Database reading(Sealer sealer) {
    return new Database(pool, quickPool, namePrefix, name, sealer, answered);
  }

  /** For statements that only touch a row or two; nothing slow is ever in their way. */
  Database quick() {
    return new Database(quickPool, quickPool, namePrefix, name, sealer, answered);
  }

  /** What the server calls this process; no other has the same. */
  String name() {
    return name;
  }

  /** What it calls every process that works on these tables begins with this. */
  String namePrefix() {
    return namePrefix;
  }

  /**
   * Creates or upgrades the tables, then connects. Fails with {@code Unavailable} when the server
   * does not answer, with an {@code IllegalStateException} that says what to do when the login is
   * refused, the server is older than PostgreSQL 14 or the tables are of a newer Runnel.
   *
   * @param vertx made with the native transport where there is one: it halves a round trip
   */
  public static Future<Database> open(Vertx vertx, DatabaseAddress address) {
    return vertx
        .executeBlocking(() -> Migrations.run(address), false)
        .map(ready -> {
          // The server cuts a name at 63 bytes, and a schema may have as many.
          var prefix = "runnel %08x ".formatted(ready.schema().hashCode());
          var name = prefix + UUID.randomUUID();
          var quick = Math.min(QUICK_CONNECTIONS, ready.connections() / 2);
          return new Database(
              pool(vertx, ready, name, ready.connections() - quick),
              pool(vertx, ready, name, quick),
              prefix,
              name,
              NOTHING_TO_LEARN,
              new AtomicLong(System.nanoTime()));
        })
        .compose(database -> database.answering(FIRST_TRIES));
  }

  /**
   * The first connection loads and warms up a lot of code: on a busy machine it may take longer
   * than any later one may.
   */
  private Future<Database> answering(int tries) {
    return bounded(pool.query("SELECT 1").execute(), STATEMENT)
        .compose(_ -> bounded(quickPool.query("SELECT 1").execute(), STATEMENT))
        .map(this)
        .recover(failure ->
            tries > 1 && failure instanceof Problem.Unavailable
                ? answering(tries - 1)
                : close().transform(_ -> Future.failedFuture(failure)));
  }

  /**
   * Whether statements come through; fails with {@code Unavailable} within a second. Where one more
   * has to wait so long on a busy connection, the answers of others meanwhile count.
   */
  public Future<Boolean> health() {
    var asked = System.nanoTime();
    return bounded(pool.query("SELECT 1").execute(), HEALTH)
        .map(true)
        .recover(failure ->
            answered.get() - asked > 0
                ? Future.succeededFuture(true)
                : Future.failedFuture(failure));
  }

  /** Closes the connections; statements under way fail. */
  public Future<Void> close() {
    return Future.join(pool.close(), quickPool.close()).mapEmpty();
  }

  Future<RowSet<Row>> run(String sql, Tuple values) {
    return bounded(pool.preparedQuery(sql).execute(values), STATEMENT);
  }

  <R> Future<Optional<R>> first(String sql, Tuple values, Function<Row, R> reader) {
    return run(sql, values)
        .compose(rows ->
            opened(() ->
                rows.size() == 0 ? Optional.empty() : Optional.of(reader.apply(first(rows)))));
  }

  <R> Future<List<R>> list(String sql, Tuple values, Function<Row, R> reader) {
    return run(sql, values)
        .compose(rows ->
            opened(() -> {
              var result = new ArrayList<R>(rows.size());
              rows.forEach(row -> result.add(reader.apply(row)));
              return result;
            }));
  }

  /** Rows that another process has sealed with a key that is new to this one are read twice. */
  private <R> Future<R> opened(Supplier<R> reading) {
    try {
      return Future.succeededFuture(reading.get());
    } catch (CannotOpen unknownKey) {
      return sealer
          .learn()
          .compose(learned ->
              learned ? Future.succeededFuture(reading.get()) : Future.failedFuture(unknownKey));
    }
  }

  /**
   * The same statement with each of these values, in one round trip and one transaction; each
   * answers one row.
   */
  <R> Future<List<R>> each(String sql, List<Tuple> values, Function<Row, R> reader) {
    return bounded(pool.preparedQuery(sql).executeBatch(values), STATEMENT)
        .map(rows -> {
          var result = new ArrayList<R>(values.size());
          for (var answer = rows; answer != null; answer = answer.next()) {
            result.add(reader.apply(first(answer)));
          }
          return result;
        });
  }

  private static Row first(RowSet<Row> rows) {
    return rows.iterator().next();
  }

  private <T> Future<T> bounded(Future<T> answer, Duration limit) {
    return answer
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(_ -> answered.set(System.nanoTime()))
        .recover(failure -> {
          Future<T> meaning = Future.failedFuture(Failures.meaning(failure));
          return Failures.isOldSeal(failure) ? sealer.learn().transform(_ -> meaning) : meaning;
        });
  }

  private static Pool pool(Vertx vertx, DatabaseAddress address, String name, int connections) {
    var options =
        new PoolOptions()
            .setMaxSize(connections)
            .setConnectionTimeout(Math.toIntExact(CONNECT.toMillis()))
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    var net =
        new NetClientOptions()
            .setConnectTimeout(Math.toIntExact(CONNECT.toMillis()))
            .setTcpKeepAlive(true)
            // A server that vanished without a word: bytes unacknowledged for so long.
            .setTcpUserTimeout(Math.toIntExact(STATEMENT.toMillis()));
    return PgBuilder.pool()
        .with(options)
        .with(net)
        .connectingTo(connection(address, name))
        .using(vertx)
        .build();
  }

  private static PgConnectOptions connection(DatabaseAddress address, String name) {
    var options =
        new PgConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password() == null ? "" : address.password())
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(256)
            .setPreparedStatementCacheSqlLimit(CACHED_SQL_LENGTH)
            .setPipeliningLimit(STATEMENTS_IN_FLIGHT)
            .setSslMode(address.ssl())
            .addProperty("application_name", name)
            .addProperty("search_path", "\"" + address.schema().replace("\"", "\"\"") + "\"")
            .addProperty("statement_timeout", Long.toString(STATEMENT.toMillis()))
            // Each statement is a few probes of its own index. A plan made while the tables were
            // small must not stay a scan or a join of whole tables when they have grown, and
            // planning must not cost at every call.
            .addProperty("plan_cache_mode", "force_generic_plan")
            .addProperty("enable_seqscan", "off")
            .addProperty("enable_hashjoin", "off")
            .addProperty("enable_mergejoin", "off")
            // Only plain index scans mark dead entries on their way, and a queue leaves many.
            .addProperty("enable_bitmapscan", "off")
            .addProperty("jit", "off");
    if (address.ssl() != SslMode.DISABLE) {
      options.setSslOptions(ssl(address));
    }
    return options;
  }

  private static ClientSSLOptions ssl(DatabaseAddress address) {
    var verified = address.ssl() == SslMode.VERIFY_CA || address.ssl() == SslMode.VERIFY_FULL;
    var options = new ClientSSLOptions().setTrustAll(!verified);
    options.setHostnameVerificationAlgorithm(address.ssl() == SslMode.VERIFY_FULL ? "HTTPS" : "");
    if (verified && address.rootCertificate() != null) {
      options.setTrustOptions(
          new PemTrustOptions().addCertPath(address.rootCertificate().toString()));
    }
    return options;
  }
}

package dev.runnel.http;

import dev.runnel.account.Collection;
import dev.runnel.auth.Access;
import dev.runnel.auth.Passwords;
import dev.runnel.bus.Accounts;
import dev.runnel.bus.Bus;
import dev.runnel.bus.Health;
import dev.runnel.bus.Permissions;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.AccountOptions;
import dev.runnel.config.DataOptions;
import dev.runnel.config.DatabaseOptions;
import dev.runnel.config.ExecutionOptions;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.HttpOptions;
import dev.runnel.config.LogOptions;
import dev.runnel.config.Options;
import dev.runnel.config.RetentionOptions;
import dev.runnel.files.Uploads;
import dev.runnel.http.admin.AdminDoor;
import dev.runnel.http.bosbase.BosbaseDoor;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The doors on a free port, above a backend, with somebody to log in as. */
final class TestService implements AutoCloseable {
  static final String SUPERUSER_EMAIL = "root@example.com";
  static final String USER_EMAIL = "user@example.com";
  static final String OTHER_EMAIL = "other@example.com";
  static final String PASSWORD = "correct:horse battery";
  static final String BASIC_NAME = "admin";
  static final String BASIC_PASSWORD = "s3cret:with:colons";

  final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  final Bus bus = Bus.of(vertx);
  final Options options;
  final Access access;
  final Intake intake = new Intake();
  final List<Dialect> dialects;
  final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(200));
  final String superuserToken;
  final String userToken;
  final String otherToken;
  final String userId;
  final String deployment;
  private final Backend backend;
  private final Contract contract;
  private final int port;

  TestService(Backend backend) throws Exception {
    this(backend, options(Duration.ofSeconds(15), Duration.ofSeconds(60), 1 << 20));
  }

  TestService(Backend backend, Options options) throws Exception {
    this.options = options;
    this.backend = backend;
    await(backend.deploy(vertx, bus));
    var accounts = Accounts.over(bus);
    var passwords = new Passwords(vertx);
    access =
        new Access(
            vertx,
            options.account(),
            accounts,
            passwords,
            "a key of tests, not of anybody".getBytes(StandardCharsets.UTF_8),
            InstantSource.system());
    var hash = await(passwords.hash(PASSWORD));
    superuserToken = token(accounts, Collection.SUPERUSERS, SUPERUSER_EMAIL, hash);
    userToken = token(accounts, Collection.USERS, USER_EMAIL, hash);
    userId = await(accounts.findByEmail(Collection.USERS, USER_EMAIL)).orElseThrow().id();
    otherToken = token(accounts, Collection.USERS, OTHER_EMAIL, hash);
    dialects =
        List.of(
            BosbaseDoor.to(
                options,
                access,
                Health.over(bus),
                Scripts.over(bus),
                Permissions.over(bus),
                Runs.over(bus),
                Uploads.open(vertx, options, "test-node", () -> {})),
            AdminDoor.to(options, Scripts.over(bus), Runs.over(bus)));
    contract = new Contract(dialects);
    var deployed = new ArrayList<HttpVerticle>();
    deployment =
        await(
            vertx.deployVerticle(
                () -> {
                  var verticle = new HttpVerticle(options.http(), access, intake, dialects);
                  synchronized (deployed) {
                    deployed.add(verticle);
                  }
                  return verticle;
                },
                new DeploymentOptions().setInstances(2)));
    port = deployed.getFirst().port();
  }

  /**
   * Sends this target as it is, also when it is none that a URI may have. The answer must be one
   * that the door's {@link Contract} allows.
   */
  Reply send(String method, String target, Map<String, String> headers, byte[] body)
      throws Exception {
    var options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setMethod(HttpMethod.valueOf(method))
            .setURI(target);
    headers.forEach(options::putHeader);
    var reply = await(client.request(options).compose(request -> reply(request, body)));
    contract.check(method, target, reply);
    return reply;
  }

  /** In one piece on the event loop: attached from outside, the body could pass by unseen. */
  private static Future<Reply> reply(HttpClientRequest request, byte[] body) {
    return request
        .send(Buffer.buffer(body))
        .compose(response ->
            response
                .body()
                .map(bytes -> new Reply(response.statusCode(), response.headers(), bytes)));
  }

  /** Ends a run that a test has left. */
  void cancelled(UUID run) {
    Runs.over(bus).cancel(run).toCompletionStage().toCompletableFuture().join();
  }

  int port() {
    return port;
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private String token(Accounts accounts, Collection collection, String email, String hash)
      throws Exception {
    return access.tokenFor(await(accounts.upsert(collection, email, hash, "key of " + email)));
  }

  static Options options(Duration ping, Duration stall, long logCap) {
    return new Options(
        new HttpOptions(
            "127.0.0.1", 0, 4 << 20, 2 << 20, 1 << 30, "*", ping, stall, Duration.ofSeconds(30)),
        new DatabaseOptions(null, "public", 2),
        new DataOptions(Path.of("unused"), null),
        new AccountOptions(
            null, null, BASIC_NAME, BASIC_PASSWORD, Duration.ofDays(1), Duration.ofDays(7)),
        new ExecutionOptions(
            Path.of("functions"),
            4,
            100,
            20,
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            ExecutionOptions.RunEnvironment.FILTERED,
            null,
            BashLogin.OFF,
            4,
            false),
        Options.load(
                Path.of("unused"),
                null,
                Map.of(),
                Map.of("limit.memoryMax", "8 GiB", "limit.processesMax", "1000"))
            .limit(),
        Options.load(Path.of("unused"), null, Map.of(), Map.of()).wasm(),
        new LogOptions(logCap, 1 << 20),
        new RetentionOptions(30, 10_000));
  }

  @Override
  public void close() {
    client.close().await();
    vertx.close().await();
    backend.close();
  }
}

package dev.runnel.cli;

import dev.runnel.bus.Bus;
import dev.runnel.config.Options;
import dev.runnel.execution.ExecutionSetup;
import dev.runnel.execution.ExecutionVerticle;
import dev.runnel.execution.NodeHome;
import dev.runnel.execution.ProcessHost;
import dev.runnel.execution.bash.Bash;
import dev.runnel.execution.bash.ShellCommand;
import dev.runnel.execution.node.Node;
import dev.runnel.execution.python.Python;
import dev.runnel.execution.wasm.Wasm;
import dev.runnel.problem.Problem;
import dev.runnel.script.Language;
import dev.runnel.secret.KeyPlace;
import dev.runnel.secret.KeyRing;
import dev.runnel.secret.SecretKey;
import dev.runnel.secret.SharedKey;
import dev.runnel.store.Database;
import dev.runnel.store.DatabaseAddress;
import dev.runnel.store.PersistenceVerticle;
import dev.runnel.store.Retention;
import dev.runnel.store.Sealer;
import dev.runnel.store.embedded.EmbeddedPostgres;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every command works with: the database, the persistence verticle and, when scripts are to be
 * run, the execution verticle. Opening and closing block.
 */
final class Core implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Core.class);

  /** Longer than any single step takes that can still succeed. */
  private static final long STEP_SECONDS = 60;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofMillis(500);

  /** What is open, the last first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final Options options;
  private final Vertx vertx;
  private final Bus bus;
  private final SharedKey secretKey;
  private @Nullable AutoCloseable engine;
  private @Nullable NodeHome home;
  private CompletionStage<? extends Throwable> databaseFailed = new CompletableFuture<>();

  private Core(Options options) {
    this.options = options;
    var key = SecretKey.of(options.data());
    // A run is many short steps: on more loops they pay for waking threads. Half of the cores is
    // more than they need; scripts and the database want the rest.
    this.vertx =
        Vertx.vertx(
            new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops()));
    open.push(() -> await(vertx.close()));
    this.bus = Bus.of(vertx);
    this.secretKey = new SharedKey(vertx, bus, new KeyPlace(options.data()), key);
  }

  /** Threads that nothing may block. */
  static int eventLoops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /** The database and its verticle. A live service's embedded database is shared with it. */
  static Core withStore(Options options) {
    var core = new Core(options);
    try {
      core.openStore(false);
      return core;
    } catch (RuntimeException failure) {
      core.close();
      throw failure;
    }
  }

  /**
   * The database and a node that runs scripts.
   *
   * @param serving this process is the service of its data dir; else a command beside it
   */
  static Core withEngine(Options options, boolean serving) {
    var core = new Core(options);
    try {
      var home =
          serving ? NodeHome.open(options.data().dir()) : NodeHome.temporary(options.data().dir());
      core.home = home;
      core.open.addLast(home);
      core.openStore(serving);
      core.openEngine(home, serving);
      return core;
    } catch (RuntimeException failure) {
      core.close();
      throw failure;
    }
  }

  private void openStore(boolean serving) {
    var address = options.database().url() == null ? embedded(serving) : external();
    var database = await(Database.open(vertx, address));
    open.push(() -> await(database.close()));
    deploy(new PersistenceVerticle(bus, database, Sealer.of(secretKey)));
    firstAnswer(secretKey::join);
    if (serving) {
      deploy(new Retention(database, options.retention()));
    }
  }

  /** The database was there a moment ago: if it is only slow it must not keep us from starting. */
  private static <R> R firstAnswer(Supplier<Future<R>> question) {
    var giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return await(question.get());
      } catch (Problem.Unavailable away) {
        if (System.nanoTime() > giveUp) {
          throw away;
        }
        LOG.warn("{}", away.getMessage());
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }

  private DatabaseAddress embedded(boolean serving) {
    var dir = options.data().dir();
    var postgres =
        serving
            ? EmbeddedPostgres.open(dir, Core::startServer)
            : EmbeddedPostgres.attachOrOpen(dir, Core::startServer);
    open.addLast(postgres);
    databaseFailed = postgres.failed();
    var address = postgres.address();
    return DatabaseAddress.local(
        address.port(),
        address.database(),
        address.user(),
        address.password(),
        options.database().schema(),
        options.database().connections());
  }

  /** The end of no run may take the database for an orphan of its own. */
  private static Process startServer(ProcessBuilder builder) throws IOException {
    return ProcessHost.startHelper(builder::start);
  }

  private DatabaseAddress external() {
    var url = Objects.requireNonNull(options.database().url());
    return DatabaseAddress.parse(
        url, options.database().schema(), options.database().connections());
  }

  private void openEngine(NodeHome home, boolean serving) {
    var host =
        ProcessHost.open(
            options.execution().runAs(),
            options.limit().cgroup(),
            serving ? options.execution().standbys() : 0);
    open.addLast(host);
    engine =
        deploy(
            new ExecutionVerticle(
                options,
                bus,
                new ExecutionSetup(
                    home,
                    host,
                    Map.of(
                        Language.BASH, new Bash(options.execution().bashLogin()),
                        Language.NODE, new Node(),
                        Language.PYTHON, new Python(),
                        Language.COMMAND, new ShellCommand(),
                        Language.WASM, new Wasm(options.wasm())),
                    System.getenv(),
                    serving,
                    InstantSource.system())));
  }

  /** Deploys a verticle that is undeployed again, in reverse order, when this closes. */
  AutoCloseable deploy(Deployable verticle) {
    var id = await(vertx.deployVerticle(verticle));
    AutoCloseable undeploy = () -> vertx.undeploy(id).await();
    open.push(undeploy);
    return undeploy;
  }

  /** Ends the node's runs, within their grace, while everything else still works. */
  void closeEngine() {
    if (engine != null && open.remove(engine)) {
      close(engine);
    }
  }

  /** The id of the node whose engine this has. */
  UUID node() {
    return Objects.requireNonNull(home).id();
  }

  Options options() {
    return options;
  }

  Vertx vertx() {
    return vertx;
  }

  Bus bus() {
    return bus;
  }

  SharedKey secretKey() {
    return secretKey;
  }

  KeyRing keys() {
    return secretKey.ring();
  }

  /** Completes when the embedded database is gone for good. */
  CompletionStage<? extends Throwable> databaseFailed() {
    return databaseFailed;
  }

  /** Waits on the calling thread, which is none of Vert.x's. */
  static <T> T await(Future<T> future) {
    try {
      return future.await(STEP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("No answer within " + STEP_SECONDS + " s", late);
    }
  }

  @Override
  public void close() {
    for (var closing = open.poll(); closing != null; closing = open.poll()) {
      close(closing);
    }
  }

  private static void close(AutoCloseable closing) {
    try {
      closing.close();
    } catch (Exception failure) {
      LOG.warn("Closing {} failed", closing.getClass().getSimpleName(), failure);
    }
  }
}

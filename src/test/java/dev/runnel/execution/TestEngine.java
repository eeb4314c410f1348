package dev.runnel.execution;

import dev.runnel.bus.Bus;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.config.Options;
import dev.runnel.execution.bash.Bash;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.Trigger;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.Turns;
import dev.runnel.store.Database;
import dev.runnel.store.EmbeddedServer;
import dev.runnel.store.PersistenceVerticle;
import dev.runnel.store.Sealer;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** The real engine on the real store, without a door. */
final class TestEngine implements AutoCloseable {
  private static final Meta META = new Meta("commandLine", null, "bosbase", null, null, null);

  final Path home;
  final Runs runs;
  final Scripts scripts;
  private final Vertx vertx = Vertx.vertx();
  private final Database database;
  private final NodeHome node;
  private final String engine;

  /**
   * @param settings options by key
   * @param bash what starts bash scripts
   */
  TestEngine(Path home, Map<String, String> settings, Interpreter bash) {
    this.home = home;
    var all = new HashMap<>(settings);
    all.put("execution.path", home.resolve("functions").toString());
    all.put("data.dir", home.resolve("data").toString());
    var options = Options.load(home, null, Map.of(), all);
    var bus = Bus.of(vertx);
    runs = Runs.over(bus);
    scripts = Scripts.over(bus);
    var schema = "engine_" + UUID.randomUUID().toString().replace("-", "");
    database = await(Database.open(vertx, EmbeddedServer.shared().address(schema)));
    var sealer = Sealer.of(UnaryOperator.identity(), UnaryOperator.identity());
    deploy(new PersistenceVerticle(bus, database, sealer));
    node = NodeHome.open(home.resolve("data"));
    engine =
        deploy(
            new ExecutionVerticle(
                options,
                bus,
                new ExecutionSetup(
                    node,
                    ProcessHost.open(null, CgroupUse.AUTO, 4),
                    Map.of(Language.BASH, bash),
                    System.getenv(),
                    true,
                    InstantSource.system())));
  }

  TestEngine(Path home, Map<String, String> settings) {
    this(home, settings, new Bash(BashLogin.OFF));
  }

  Script script(String text) {
    return script(Concurrency.PARALLEL, Turns.DEFAULT, text);
  }

  Script script(Concurrency concurrency, Turns turns, String text) {
    var name = "s" + UUID.randomUUID();
    return await(
        scripts.create(
            new ScriptDraft(
                name,
                null,
                null,
                "",
                Language.BASH,
                Runner.HOST,
                text,
                home.toString(),
                List.of(),
                null,
                true,
                concurrency,
                Limits.DEFAULT,
                turns)));
  }

  static RunRequest request(Script script) {
    return RunRequest.of(
        script,
        Door.BOSBASE,
        Trigger.API,
        List.of(),
        null,
        List.of(),
        null,
        Duration.ofSeconds(60),
        META,
        _ -> null);
  }

  Run start(RunRequest request) {
    return await(runs.submit(request));
  }

  /** The record once the run has ended. */
  Run ended(Run run) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> await(runs.get(run.id())), found -> found.status().isTerminal());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  private String deploy(Deployable verticle) {
    return await(vertx.deployVerticle(verticle));
  }

  @Override
  public void close() {
    await(vertx.undeploy(engine));
    await(vertx.close());
    node.close();
  }
}

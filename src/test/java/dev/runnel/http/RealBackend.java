package dev.runnel.http;

import dev.runnel.bus.Bus;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.LimitOptions.CgroupUse;
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
import dev.runnel.script.Language;
import dev.runnel.store.Database;
import dev.runnel.store.EmbeddedServer;
import dev.runnel.store.PersistenceVerticle;
import dev.runnel.store.Sealer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The real store on an embedded server that this JVM shares, and the real engine above it. */
final class RealBackend implements Backend {
  private final Path directory = temporary("doors-node");
  private final NodeHome home = NodeHome.open(directory);

  @Override
  public Future<?> deploy(Vertx vertx, Bus bus) {
    var address =
        EmbeddedServer.shared().address("doors_" + UUID.randomUUID().toString().replace("-", ""));
    return Database.open(vertx, address)
        .compose(database ->
            vertx.deployVerticle(
                new PersistenceVerticle(
                    bus, database, Sealer.of(UnaryOperator.identity(), UnaryOperator.identity()))))
        .compose(_ -> vertx.deployVerticle(engine(bus)));
  }

  private ExecutionVerticle engine(Bus bus) {
    Options options = TestService.options(Duration.ofSeconds(15), Duration.ofSeconds(60), 1 << 20);
    return new ExecutionVerticle(
        options,
        bus,
        new ExecutionSetup(
            home,
            ProcessHost.open(null, CgroupUse.AUTO, 4),
            Map.of(
                Language.BASH, new Bash(BashLogin.OFF),
                Language.NODE, new Node(),
                Language.PYTHON, new Python(),
                Language.COMMAND, new ShellCommand(),
                Language.WASM, new Wasm(options.wasm())),
            System.getenv(),
            true,
            InstantSource.system()));
  }

  @Override
  public void close() {
    home.close();
    try (var left = Files.walk(directory)) {
      for (var path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Path temporary(String name) {
    try {
      return Files.createTempDirectory(name);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

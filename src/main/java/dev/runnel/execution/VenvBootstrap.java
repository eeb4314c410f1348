package dev.runnel.execution;

import dev.runnel.config.ExecutionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@code EXECUTE_PATH/.venv} where it is missing, in the background: by {@code uv}, else by
 * python's own {@code venv}. Without one python scripts run with {@code python3}.
 */
public final class VenvBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(VenvBootstrap.class);
  private static final long LONGEST_MINUTES = 5;

  private static final String PROJECT =
      """
      [project]
      name = "functions"
      version = "0.1.0"
      requires-python = ">=3.9"
      dependencies = []
      """;

  private final Path path;
  private final boolean wanted;
  private final Map<String, String> environment;

  /**
   * @param environment what the commands see
   */
  public VenvBootstrap(ExecutionOptions options, Map<String, String> environment) {
    this.path = options.path().toAbsolutePath().normalize();
    this.wanted = options.venvCreate();
    this.environment = environment;
  }

  /** Completes when the environment is there, or known not to come; never fails. */
  public Future<Boolean> ensure(Vertx vertx) {
    if (!wanted || Files.exists(path.resolve(".venv"))) {
      return Future.succeededFuture(Files.exists(path.resolve(".venv")));
    }
    return vertx
        .createSharedWorkerExecutor("venv", 1, LONGEST_MINUTES + 1, TimeUnit.MINUTES)
        .executeBlocking(this::make, false)
        .otherwise(failure -> {
          LOG.warn(
              "No .venv could be made in {}, python scripts run with python3: {}",
              path,
              failure.getMessage());
          return false;
        });
  }

  private boolean make() throws IOException, InterruptedException {
    Files.createDirectories(path);
    var project = path.resolve("pyproject.toml");
    if (!Files.exists(project)) {
      Files.writeString(project, PROJECT);
    }
    var target = path.resolve(".venv");
    if (!run(List.of("uv", "venv", "--quiet", "--seed", target.toString()))
        && !run(List.of("python3", "-m", "venv", target.toString()))) {
      NodeHome.deleteTree(target);
      throw new IOException("neither uv nor python3 -m venv succeeded");
    }
    LOG.info("Made {}", target);
    return true;
  }

  private boolean run(List<String> command) throws InterruptedException {
    try {
      var builder = new ProcessBuilder(command).directory(path.toFile()).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return false;
      }
      if (process.exitValue() != 0) {
        LOG.debug("{} failed: {}", command, output.strip());
      }
      return process.exitValue() == 0;
    } catch (IOException missing) {
      LOG.debug("{} could not be started: {}", command.getFirst(), missing.getMessage());
      return false;
    }
  }
}

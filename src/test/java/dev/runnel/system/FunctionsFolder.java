package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Below a new home: an {@code EXECUTE_PATH} with {@code pyproject.toml} and {@code .venv}; uv
 * beside it if there.
 */
record FunctionsFolder(Path home) {

  /** Makes it, and starts a service on it that could download nothing with uv. */
  ServiceProcess start() {
    make();
    var path = System.getenv("PATH");
    var tools = ClientPackages.uv().map(uv -> ":" + uv.getParent()).orElse("");
    return ServiceProcess.startWithOwner(home, Map.of("PATH", path + tools, "UV_OFFLINE", "1"));
  }

  private void make() {
    try {
      var folder = Files.createDirectories(home.resolve("functions"));
      Files.copy(Path.of("functions/pyproject.toml"), folder.resolve("pyproject.toml"));
      var venv = folder.resolve(".venv").toString();
      var process =
          new ProcessBuilder("python3", "-m", "venv", "--without-pip", venv).inheritIO().start();
      assertThat(process.waitFor()).isZero();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}

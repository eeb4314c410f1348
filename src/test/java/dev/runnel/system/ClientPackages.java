package dev.runnel.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Client packages as {@code .ci/run} installs them; tests download nothing. */
enum ClientPackages {
  /** {@code bosbase}, {@code eventsource} and {@code ws} above the test classes. */
  NPM("node", ".ci/package-lock.json", "target/node_modules/package-lock.json"),
  /** {@code bosbase} in the environment of Python tools. */
  PYPI("target/tools/bin/python", ".ci/requirements.txt", "target/tools/requirements.txt");

  private static final String UV = "target/tools/bin/uv";

  private final String interpreter;
  private final Path wanted;
  private final Path installed;

  ClientPackages(String interpreter, String wanted, String installed) {
    this.interpreter = interpreter;
    this.wanted = Path.of(wanted);
    this.installed = Path.of(installed);
  }

  String interpreter() {
    return interpreter;
  }

  /** Where {@code uv} lies, if it is installed. */
  static Optional<Path> uv() {
    return Optional.of(Path.of(UV).toAbsolutePath()).filter(Files::isExecutable);
  }

  /** Why its programs cannot run here. */
  Optional<String> missing() {
    if (!areInstalled()) {
      return Optional.of(
          "needs the packages of %s; .ci/run installs them into %s"
              .formatted(wanted, installed.getParent()));
    }
    if (this == NPM && nodeVersion() < 20) {
      return Optional.of("needs Node 20 or newer on the PATH");
    }
    return Optional.empty();
  }

  private boolean areInstalled() {
    try {
      return Files.exists(installed) && Files.mismatch(wanted, installed) == -1;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The major version, 0 without a Node. */
  private static int nodeVersion() {
    try {
      var process = new ProcessBuilder("node", "-p", "process.versions.node").start();
      var version = new String(process.getInputStream().readAllBytes(), UTF_8);
      return Integer.parseInt(version.replaceAll("\\..*\\s*", ""));
    } catch (IOException notThere) {
      return 0;
    }
  }
}

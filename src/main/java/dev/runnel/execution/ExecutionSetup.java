package dev.runnel.execution;

import dev.runnel.config.Options;
import dev.runnel.script.Language;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * What a node runs scripts with.
 *
 * @param home the node's own directory, held open
 * @param host how processes are started and ended here
 * @param interpreters how the scripts of each language are started
 * @param serviceEnvironment the environment of the service itself
 * @param takesFromQueue whether runs that wait are started here; a single command leaves them alone
 */
public record ExecutionSetup(
    NodeHome home,
    ProcessHost host,
    Map<Language, Interpreter> interpreters,
    Map<String, String> serviceEnvironment,
    boolean takesFromQueue,
    InstantSource clock) {

  /** What every run's environment starts from. */
  public static Map<String, String> environment(
      Options options, Map<String, String> serviceEnvironment) {
    return ChildEnvironment.of(
        serviceEnvironment,
        options.execution().runEnvironment(),
        Options.variables(),
        options.execution().path());
  }

  Starter starter(Options options, WorkerExecutor workers) {
    var executePath = options.execution().path().toAbsolutePath().normalize();
    return new Starter(
        workers,
        host,
        home,
        new ScriptFiles(home.files(), host.owner()),
        executePath,
        host.environment(environment(options, serviceEnvironment)),
        interpreters,
        options.limit(),
        clock);
  }

  PublishedScripts published(Options options) {
    return new PublishedScripts(
        options.execution().path().toAbsolutePath().normalize().resolve("scripts"), host.owner());
  }

  /** Prepares the directories; what a former life has left in them is gone afterwards. */
  Void prepare(Path executePath) throws IOException {
    home.clearRuns();
    home.clearLibrary();
    if (!Files.isDirectory(executePath)) {
      Files.createDirectories(executePath);
      host.owner().owns(executePath);
    }
    for (var interpreter : interpreters.values()) {
      for (var name : interpreter.library()) {
        install(interpreter.getClass(), name);
      }
    }
    return null;
  }

  /** The runs have ended: nothing stays resident. */
  Void close() {
    interpreters.values().forEach(Interpreter::close);
    return null;
  }

  /** Puts a file of the jar where children can read it. */
  private void install(Class<?> beside, String name) throws IOException {
    var fresh = home.library().resolve(name + ".new");
    try (var source = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(fresh, home.library().resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}

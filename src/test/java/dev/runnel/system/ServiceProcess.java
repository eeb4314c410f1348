package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.embedded.PreparedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The real service in a process of its own, with a data dir of its own and any free port. */
final class ServiceProcess implements AutoCloseable {
  static final String EMAIL = "owner@example.com";
  private static final String OPTIMISE = "OPTIMISE_JIT";
  static final String LOG_LEVEL = "LOG_LEVEL";
  static final String PASSWORD = "correct horse battery";

  private static final Set<String> WITHOUT_DATABASE = Set.of("--version", "openapi");
  private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");
  private static final Pattern MEMORY = Pattern.compile("memory=\"(-[^\"]+)\"");
  private static final Pattern FIRST = Pattern.compile("Superuser (\\S+) with password (\\S+)");

  private final Process process;
  private final Path home;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> url = new CompletableFuture<>();

  private ServiceProcess(Process process, Path home) {
    this.process = process;
    this.home = home;
    Thread.ofVirtual().start(this::readOutput);
  }

  /** Starts the service and waits until it listens. */
  static ServiceProcess start(Path home, Map<String, String> options) {
    return start(home, options, ClassArchive.options());
  }

  private static ServiceProcess start(Path home, Map<String, String> options, List<String> jvm) {
    var service = new ServiceProcess(launch(home, options, jvm, List.of("serve")), home);
    service.url();
    return service;
  }

  /** The same with a known superuser. */
  static ServiceProcess startWithOwner(Path home, Map<String, String> options) {
    return startWithOwner(home, options, ClassArchive.options());
  }

  /** The same with these options for the JVM, class path included. */
  static ServiceProcess startWithOwner(Path home, Map<String, String> options, List<String> jvm) {
    var all = new HashMap<>(options);
    all.put("RUNNEL_SUPERUSER_EMAIL", EMAIL);
    all.put("RUNNEL_SUPERUSER_PASSWORD", PASSWORD);
    return start(home, all, jvm);
  }

  /** The same as it is run for real: with the optimising compiler, which short tests do without. */
  static ServiceProcess startOptimised(Path home, Map<String, String> options) {
    var all = new HashMap<>(options);
    all.put(OPTIMISE, "true");
    return startWithOwner(home, all);
  }

  /** A command line of the service; its standard error goes with its output. */
  static Process launch(Path home, Map<String, String> options, List<String> args) {
    return launch(home, options, ClassArchive.options(), args);
  }

  private static Process launch(
      Path home, Map<String, String> options, List<String> jvm, List<String> args) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Drunnel.log.level=" + options.getOrDefault(LOG_LEVEL, "INFO"),
                "-XX:TieredStopAtLevel=" + (options.containsKey(OPTIMISE) ? 4 : 1)));
    command.addAll(launcherOptions());
    command.addAll(jvm);
    command.add("dev.runnel.Runnel");
    command.addAll(args);
    if (!options.containsKey("RUNNEL_DATABASE_URL")
        && !WITHOUT_DATABASE.contains(args.getFirst())) {
      prepare(home.resolve("data"));
    }
    return launch(command, home, options);
  }

  /** A first start out of the jar unpacks and makes its database by itself. */
  private static void prepare(Path data) {
    try {
      if (!Files.exists(data)) {
        PreparedDatabase.into(data);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What the launcher tells the JVM about memory. */
  static List<String> launcherOptions() {
    try {
      var launcher = Files.readString(Path.of("src/main/launcher/runnel"));
      var memory = MEMORY.matcher(launcher);
      assertThat(memory.find()).as(launcher).isTrue();
      return List.of(memory.group(1).split(" "));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The service out of its jar, with a known superuser. */
  static ServiceProcess ofJar(Path jar, Path home) {
    return ofJar(List.of(), jar, home);
  }

  /** The same behind a prefix that changes the user. */
  static ServiceProcess ofJar(List<String> prefix, Path jar, Path home) {
    return ofJar(prefix, List.of(), jar, home);
  }

  /** The same with options for the JVM. */
  static ServiceProcess ofJar(List<String> prefix, List<String> jvm, Path jar, Path home) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var owner = Map.of("RUNNEL_SUPERUSER_EMAIL", EMAIL, "RUNNEL_SUPERUSER_PASSWORD", PASSWORD);
    var command = new ArrayList<>(prefix);
    command.add(java);
    command.addAll(jvm);
    command.addAll(List.of("-jar", jar.toString(), "serve"));
    var service = new ServiceProcess(launch(command, home, owner), home);
    service.url();
    return service;
  }

  private static Process launch(List<String> command, Path home, Map<String, String> options) {
    var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
    builder.environment().put("RUNNEL_HTTP_PORT", "0");
    builder.environment().put("RUNNEL_DATA_DIR", home.resolve("data").toString());
    builder.environment().put("EXECUTE_PATH", home.resolve("functions").toString());
    builder.environment().put("RUNNEL_VENV_CREATE", "false");
    builder.environment().putAll(options);
    try {
      Files.createDirectories(home);
      return builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  String url() {
    try {
      return url.get(90, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError("The service did not come up:\n" + output(), failure);
    }
  }

  /** What it has printed so far, both streams. */
  String output() {
    return String.join("\n", lines);
  }

  /** The account that a first start makes; e-mail, password. */
  Optional<String[]> firstSuperuser() {
    var found = FIRST.matcher(output());
    return found.find()
        ? Optional.of(new String[] {found.group(1), found.group(2)})
        : Optional.empty();
  }

  /** The directory it works in; its data dir is {@code data} below it. */
  Path home() {
    return home;
  }

  long pid() {
    return process.pid();
  }

  /** Resident memory in bytes. */
  long residentBytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          * 1024;
    }
  }

  Client client() {
    return Client.basic(url(), EMAIL, PASSWORD);
  }

  /** A token of the superuser: cheaper to check than a password. */
  String token() {
    return client()
        .send(
            "POST",
            "/api/collections/_superusers/auth-with-password",
            "{\"identity\":\"%s\",\"password\":\"%s\"}".formatted(EMAIL, PASSWORD),
            Map.of())
        .expect(200)
        .at("/token")
        .asText();
  }

  void signal(String name) throws IOException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().onExit().join();
  }

  /** The exit code after a while. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  /** {@code kill -9}. */
  void killHard() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  private void readOutput() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        var found = LISTENS.matcher(line);
        if (found.find()) {
          url.complete(found.group(1));
        }
      }
    } catch (IOException ended) {
      lines.add(ended.toString());
    }
    url.completeExceptionally(new IllegalStateException("ended"));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

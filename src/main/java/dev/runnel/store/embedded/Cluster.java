package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL's data directory: made once, then only checked. */
final class Cluster {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);
  private static final String UNFINISHED = "data-new-";

  private final PostgresHome home;
  private final Confinement confinement;

  Cluster(PostgresHome home, Confinement confinement) {
    this.home = home;
    this.confinement = confinement;
  }

  /** Refuses data that this server cannot read or that cannot be logged in to. */
  static void check(PostgresHome home) throws IOException {
    if (!Files.exists(home.data())) {
      return;
    }
    var major = major(home.data());
    if (!major.equals(ServerArchive.MAJOR)) {
      throw new DatabaseUnusable(
          """
          The database in %s was made by PostgreSQL %s, and this Runnel brings %s. \
          Start the Runnel that made it and run `runnel export DIR`; then move %s away, \
          start this one and run `runnel import DIR`. \
          Or open it with a PostgreSQL %s of your own and set RUNNEL_DATABASE_URL.\
          """
              .formatted(home.data(), major, ServerArchive.MAJOR, home.folder(), major));
    }
    if (!Files.exists(home.passwordFile())) {
      throw new DatabaseUnusable(
          """
          The password of the database in %s is missing: \
          put the file %s back from the backup that the data came from.\
          """
              .formatted(home.data(), home.passwordFile()));
    }
  }

  /** Makes the data directory with one empty database; complete or not at all. */
  void makeIfMissing() throws IOException {
    if (Files.exists(home.data())) {
      return;
    }
    for (var unfinished : ServerArchive.matching(home.folder(), UNFINISHED + "*")) {
      // initdb dies with its service, but the backend it started may still write here.
      LeftOver.end(unfinished);
      ServerArchive.delete(unfinished);
    }
    log.info("making a new PostgreSQL {} database in {}", ServerArchive.MAJOR, home.data());
    // Made now, because initdb reads it.
    home.password();
    confinement.own(home.folder());
    var made = home.folder().resolve(UNFINISHED + UUID.randomUUID());
    // Synced once at the end instead of after each step.
    run("initdb", initdb(made), "");
    // Here and not over a connection, so that no later start has to look.
    run(
        "postgres",
        List.of("--single", "-j", "-F", "-D", made.toString(), "template1"),
        "CREATE DATABASE " + PostgresHome.DATABASE + " STRATEGY file_copy\n\n\n");
    run("initdb", List.of("--sync-only", "-D", made.toString()), "");
    Files.move(made, home.data(), StandardCopyOption.ATOMIC_MOVE);
    PostgresHome.sync(home.folder());
  }

  private List<String> initdb(Path made) {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("-D", made.toString(), "--no-sync", "--no-instructions"));
    arguments.addAll(List.of("-U", PostgresHome.USER, "--pwfile=" + home.passwordFile()));
    arguments.addAll(List.of("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"));
    arguments.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    Settings.INITIAL.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  private void run(String program, List<String> arguments, String input) throws IOException {
    var process =
        Tool.builder(confinement.command("KILL", home.program(program), arguments))
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException ended) {
      log.debug("{} ended before it read its input", program, ended);
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var hasEnded = Tool.endsWithin(process, TimeUnit.MINUTES.toMillis(1));
    // A stand-alone backend ends with 0 also after a failed statement.
    if (!hasEnded || process.exitValue() != 0 || output.contains("ERROR:")) {
      process.destroyForcibly();
      throw new DatabaseUnusable(
          "No database could be made in %s; %s said:\n%s"
              .formatted(home.folder(), program, lastLines(output)));
    }
  }

  private static String lastLines(String output) {
    var lines = output.lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
  }

  private static String major(Path data) throws IOException {
    try {
      return Files.readString(data.resolve("PG_VERSION")).strip();
    } catch (NoSuchFileException e) {
      throw new DatabaseUnusable(
          data
              + " is not a PostgreSQL data directory. Move it away, or set another"
              + " RUNNEL_DATA_DIR.");
    }
  }
}

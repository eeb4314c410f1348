package dev.runnel.execution;

import dev.runnel.bus.HostLimit;
import dev.runnel.config.ExecutionOptions;
import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.config.Options;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What this host can run, what it can guarantee, and what a script could read here. */
public final class HostReport {
  private static final long ANSWER_SECONDS = 10;

  private HostReport() {}

  /** How good a finding is. */
  public enum Level {
    GOOD,
    /** Works, but the operator should know. */
    NOTE,
    /** Does not work here. */
    MISSING
  }

  /** One fact about the host. */
  public record Finding(Level level, String subject, String detail) {}

  /**
   * Everything; starts a few interpreters for their versions, and a script against each limit, and
   * so takes up to some seconds. This process becomes the parent of the orphans below it.
   */
  public static List<Finding> all(Options all) {
    var options = all.execution();
    var findings = new ArrayList<Finding>();
    findings.add(starts());
    findings.add(interpreter("bash", "bash", "--version"));
    findings.add(login(options.bashLogin()));
    findings.add(interpreter("node", "node", "--version"));
    findings.add(interpreter("python", python(options), "--version"));
    findings.add(venv(options));
    findings.add(fileNames());
    findings.addAll(privacy(options));
    findings.addAll(proved(all));
    return findings;
  }

  /** What scripts can read of the service and of others; also said at every start. */
  public static List<Finding> privacy(ExecutionOptions options) {
    var root = isRoot();
    if (options.runAs() != null) {
      return List.of(
          new Finding(
              Level.GOOD,
              "privacy",
              "scripts run as "
                  + options.runAs()
                  + ": they can read neither the service's environment nor its keys nor its"
                  + " database"));
    }
    return List.of(
        root
            ? new Finding(
                Level.NOTE,
                "privacy",
                "scripts run as root and can read everything on this host, the service's"
                    + " environment, keys and database included; set RUNNEL_RUN_AS to a user of"
                    + " their own")
            : new Finding(
                Level.NOTE,
                "privacy",
                "scripts run as the service's own user: they cannot read its environment or"
                    + " memory, but every file it can read, keys and database included; run it as"
                    + " root with RUNNEL_RUN_AS, or keep secrets out of its reach"));
  }

  /**
   * Whether a file may have any name under the locale of this process; also said at every start.
   */
  public static Finding fileNames() {
    return fileNames(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  static Finding fileNames(Charset ofLocale) {
    return ofLocale.newEncoder().canEncode("\u00fc\u65e5")
        ? new Finding(Level.GOOD, "file names", "any characters, in " + ofLocale)
        : new Finding(
            Level.NOTE,
            "file names",
            "scripts, uploads and modules can only have names that %s can write; start the service"
                    .formatted(ofLocale)
                + " with LC_ALL=C.UTF-8 for others");
  }

  private static Finding starts() {
    return Native.unsupported()
        .map(why -> new Finding(Level.NOTE, "process start", "by setsid, slowly: " + why))
        .orElse(new Finding(Level.GOOD, "process start", "by posix_spawn"));
  }

  /** How runs are ended and which limits hold, by trying it out. */
  private static List<Finding> proved(Options options) {
    try (var host = ProcessHost.open(options.execution().runAs(), options.limit().cgroup(), 0)) {
      var proofs = new LimitProbe(host).prove();
      var findings = new ArrayList<Finding>();
      findings.add(ends(options, proofs.get(LimitProbe.Subject.END), host));
      for (var limit : HostLimits.of(options, proofs)) {
        findings.add(
            new Finding(
                limit.enforced() ? Level.GOOD : Level.NOTE,
                "limit " + limit.name(),
                limit.how() + "; " + numbers(limit)));
      }
      return findings;
    } catch (IllegalStateException unusable) {
      return List.of(
          new Finding(Level.MISSING, "process end", String.valueOf(unusable.getMessage())));
    }
  }

  private static Finding ends(Options options, LimitProbe.@Nullable Proof proof, ProcessHost host) {
    if (proof == null || !proof.enforced()) {
      return new Finding(Level.MISSING, "process end", proof == null ? "not tried" : proof.how());
    }
    return new Finding(
        Level.GOOD,
        "process end",
        "the service is the parent of every orphan: session, descendants and orphans of a run end"
            + " with it (tried: "
            + proof.how()
            + "); "
            + host.groups().finding()
            + (host.groups().areUsed()
                ? ""
                : "; after a kill -9 of the service the next start cannot tell processes from"
                    + " others that had left their session, their tree and their environment")
            + (isRoot() && options.execution().runAs() == null
                ? "; scripts run as root, though, and can stop the service itself"
                : ""));
  }

  private static String numbers(HostLimit limit) {
    return "default %s, maximum %s %s"
        .formatted(
            limit.initial() == null ? "none" : limit.initial(),
            limit.max() == null ? "none" : limit.max(),
            limit.unit());
  }

  private static Finding interpreter(String subject, String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return new Finding(Level.GOOD, subject, answer.lines().findFirst().orElse("").strip());
      }
      return new Finding(Level.MISSING, subject, command[0] + " does not work: " + answer.strip());
    } catch (IOException missing) {
      return new Finding(
          Level.MISSING, subject, command[0] + " not found: such scripts cannot run here");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Finding(Level.MISSING, subject, "interrupted");
    }
  }

  private static Finding login(BashLogin login) {
    return switch (login) {
      case SNAPSHOT ->
          new Finding(
              Level.GOOD,
              "bash login",
              "restored from a snapshot where that makes no difference; the service's log says why"
                  + " a profile has to run each time");
      case EXEC -> new Finding(Level.NOTE, "bash login", "the profile files run at every start");
      case OFF -> new Finding(Level.NOTE, "bash login", "off: no profile file is read");
    };
  }

  private static String python(ExecutionOptions options) {
    var own = options.path().resolve(".venv/bin/python");
    return Files.isExecutable(own) ? own.toString() : "python3";
  }

  private static Finding venv(ExecutionOptions options) {
    var venv = options.path().resolve(".venv");
    return Files.isDirectory(venv)
        ? new Finding(Level.GOOD, ".venv", venv.toString())
        : new Finding(
            Level.NOTE,
            ".venv",
            options.venvCreate()
                ? "is made in " + options.path() + " at the start of the service"
                : "missing in " + options.path() + ": python scripts run with python3");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}

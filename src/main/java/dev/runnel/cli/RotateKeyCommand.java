package dev.runnel.cli;

import dev.runnel.secret.KeyRotation;
import dev.runnel.secret.SecretKey;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code runnel rotate-key}: another secret key, also beside a running service. */
@Command(
    name = "rotate-key",
    description = {
      "Changes the secret key: stored values are encrypted anew, tokens given out before are void.",
      "A random key is made, unless the environment variable RUNNEL_NEW_SECRET_KEY holds one.",
      "Where RUNNEL_SECRET_KEY is set the new key is printed, else it is written to the data dir.",
      "Interrupted, repeat it: it goes on where it was."
    },
    mixinStandardHelpOptions = true)
final class RotateKeyCommand implements Callable<Integer> {
  /** No argument: every process on the host can read those. */
  private static final String NEW_KEY = "RUNNEL_NEW_SECRET_KEY";

  /** Processes look once a second; a busy one may take longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Mixin OptionSources sources = new OptionSources();

  @Override
  public Integer call() {
    var given = System.getenv(NEW_KEY);
    var wanted = given == null || given.isBlank() ? null : SecretKey.of(given, NEW_KEY);
    var out = System.out;
    try (var core = Core.withStore(sources.load())) {
      var place = core.secretKey().place();
      var done =
          new KeyRotation(core.bus(), core.secretKey(), PATIENCE)
              .run(
                  wanted,
                  key -> {
                    if (!place.isFile() && wanted == null) {
                      // Before anything is changed: without it the values would be lost.
                      out.println("The new key: " + key.base64());
                      out.flush();
                    }
                  });
      report(out, place.isFile(), place.name(), done);
      return done.behind() == 0 ? 0 : RunnelCommand.UNUSABLE;
    }
  }

  private static void report(PrintStream out, boolean isFile, String name, KeyRotation.Done done) {
    out.println(
        "The secret key was changed, "
            + done.resealed()
            + " values were encrypted anew. Tokens given out before are void.");
    out.println(
        isFile
            ? "It is in " + name + "; running services have taken it."
            : "Running services have taken it. Set RUNNEL_SECRET_KEY to the new key wherever the"
                + " old one is set, before the next start.");
    out.println("Keep the old key as long as you keep backups made with it.");
    if (done.behind() > 0) {
      out.println(
          done.behind()
              + " processes on this database have not taken it: start them again with the new"
              + " key.");
    }
  }
}

package dev.runnel.cli;

import dev.runnel.bus.StoreHealth;
import dev.runnel.execution.HostReport;
import dev.runnel.execution.HostReport.Finding;
import dev.runnel.execution.HostReport.Level;
import dev.runnel.execution.Reach;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code runnel doctor}: what this host can run, guarantee and hide. */
@Command(
    name = "doctor",
    description = "Says what this host can run and enforce; exits with 1 if something is missing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Mixin OptionSources sources = new OptionSources();

  @Override
  public Integer call() {
    var options = sources.load();
    System.out.printf("%-8s %-12s %s%n", "good", "java", Runtime.version());
    var missing = false;
    for (var finding : HostReport.all(options)) {
      print(finding);
      missing |= finding.level() == Level.MISSING;
    }
    var usable = database() && !missing;
    // Last: a first start has made the files by now.
    for (var finding : Reach.of(options)) {
      print(finding);
      usable &= finding.level() != Level.MISSING;
    }
    return usable ? 0 : 1;
  }

  private boolean database() {
    var options = sources.load();
    var what =
        options.database().url() == null
            ? "embedded PostgreSQL in " + options.data().dir()
            : "PostgreSQL by URL";
    try (var core = Core.withStore(options)) {
      Core.await(core.bus().ask(new StoreHealth()));
      print(new Finding(Level.GOOD, "database", what));
      return true;
    } catch (RuntimeException failure) {
      print(new Finding(Level.MISSING, "database", what + ": " + failure.getMessage()));
      return false;
    }
  }

  private static void print(Finding finding) {
    System.out.printf(
        "%-8s %-12s %s%n",
        finding.level().name().toLowerCase(Locale.ROOT), finding.subject(), finding.detail());
  }
}

package dev.runnel.cli;

import dev.runnel.bus.Scripts;
import dev.runnel.problem.Problem;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Script;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runnel import DIR}. */
@Command(
    name = "import",
    description = {
      "Takes over the scripts that export wrote, also beside a running service.",
      "A script that is not there comes with its versions; of one that differs the text in use"
          + " becomes the next version. Values of environment variables stay as they are.",
      "Nothing is changed when any file is wrong. Exits with 1 when a script was left out."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Mixin OptionSources sources = new OptionSources();

  @Option(names = "--dry-run", description = "Says what would be done.")
  boolean dryRun;

  @Parameters(index = "0", paramLabel = "DIR", description = "What export wrote.")
  Path dir = Path.of("");

  private final PrintStream out = System.out;
  private int created;
  private int updated;
  private int unchanged;
  private int conflicts;

  @Override
  public Integer call() throws IOException {
    var found = new ImportFolder(dir, InstantSource.system()).read();
    try (var core = Core.withEngine(sources.load(), false)) {
      var scripts = Scripts.over(core.bus());
      for (var step : ImportStep.plan(found, Core.await(scripts.all()))) {
        apply(scripts, step);
      }
      out.printf(
          "%d created, %d updated, %d unchanged, %d conflicts%s%n",
          created, updated, unchanged, conflicts, dryRun ? " (nothing was changed)" : "");
      if (!dryRun) {
        withoutValues(found, Core.await(scripts.all()));
      }
      return conflicts == 0 ? 0 : RunnelCommand.UNUSABLE;
    }
  }

  private void apply(Scripts scripts, ImportStep step) {
    try {
      switch (step) {
        case ImportStep.Create(var name, var history) -> {
          if (!dryRun) {
            Core.await(scripts.restore(history));
          }
          created++;
          out.println("created " + name);
        }
        case ImportStep.Change(var name, var there, var change) -> {
          var version = there.contentVersion();
          if (!dryRun) {
            version = Core.await(scripts.update(there.id(), change)).contentVersion();
          }
          updated++;
          out.println("updated " + name + " (version " + version + ")");
        }
        case ImportStep.Nothing(_) -> unchanged++;
        case ImportStep.Conflict(var name, var why) -> conflict(name, why);
      }
    } catch (Problem.Taken | Problem.Stale | Problem.NotFound meanwhile) {
      conflict(step.name(), meanwhile.getMessage() + " (changed meanwhile)");
    }
  }

  private void conflict(String name, String why) {
    conflicts++;
    out.println("conflict " + name + ": " + why);
  }

  /** An export holds no values, so a script that was created has none. */
  private void withoutValues(List<ImportFolder.Found> found, List<Script> target) {
    var known =
        target.stream()
            .collect(
                Collectors.toMap(
                    Script::name,
                    script ->
                        script.env().stream().map(EnvVariable::key).collect(Collectors.toSet())));
    for (var script : found) {
      var missing =
          script.env().stream()
              .filter(key -> known.containsKey(script.name()))
              .filter(key -> !known.get(script.name()).contains(key))
              .toList();
      if (!missing.isEmpty()) {
        out.println("without values " + script.name() + ": " + String.join(", ", missing));
      }
    }
  }
}

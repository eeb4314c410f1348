package dev.runnel.cli;

import dev.runnel.bus.Scripts;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runnel export DIR}. */
@Command(
    name = "export",
    description =
        "Writes every script with all its versions as plain files, also beside a running service."
            + " Values of environment variables are not written.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private static final int PAGE = 50;

  @Mixin OptionSources sources = new OptionSources();

  @Option(names = "--force", description = "Replaces an older export.")
  boolean force;

  @Parameters(index = "0", paramLabel = "DIR", description = "A new or empty folder.")
  Path dir = Path.of("");

  @Override
  public Integer call() throws IOException {
    try (var folder = ExportFolder.begin(dir, force);
        var core = Core.withStore(sources.load())) {
      var scripts = Scripts.over(core.bus());
      var all = Core.await(scripts.all());
      for (var script : all) {
        folder.add(script, versions(scripts, script));
      }
      folder.finish();
      System.out.println(all.size() + " scripts are in " + dir);
      return 0;
    }
  }

  /** Up to the one that the script had when it was read. */
  private static List<ScriptVersion> versions(Scripts scripts, Script script) {
    var versions = new ArrayList<ScriptVersion>();
    long after = 0;
    while (after < script.contentVersion()) {
      var page = Core.await(scripts.versions(script.id(), after, PAGE));
      if (page.isEmpty()) {
        throw new IllegalStateException(
            script.name() + " was deleted meanwhile; repeat the command");
      }
      versions.addAll(page);
      after = page.getLast().version();
    }
    versions.removeIf(version -> version.version() > script.contentVersion());
    return versions;
  }
}

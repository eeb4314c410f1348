package dev.runnel.cli;

import dev.runnel.config.Options;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where options come from on every command line. */
final class OptionSources {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options file; without it conf/runnel.yaml is read where it exists.")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One option, by its key in the options file, e.g. http.port=9000.")
  Map<String, String> set = new LinkedHashMap<>();

  /** The options; fails with {@code BadOption}. */
  Options load() {
    return Options.load(Path.of("").toAbsolutePath(), file, System.getenv(), set);
  }
}

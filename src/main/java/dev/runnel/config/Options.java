package dev.runnel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every option of the service, read once at the start: defaults, then {@code conf/runnel.yaml},
 * then the environment, then the command line.
 */
public record Options(
    @Group("Where and how the service listens.") HttpOptions http,
    @Group("Where the records are kept.") DatabaseOptions database,
    @Group("Where the service keeps its own files.") DataOptions data,
    @Group("Who may come in.") AccountOptions account,
    @Group("How scripts are run.") ExecutionOptions execution,
    @Group("What one run may use.") LimitOptions limit,
    @Group("How WebAssembly modules are run.") WasmOptions wasm,
    @Group("How much output is kept.") LogOptions log,
    @Group("How long records are kept.") RetentionOptions retention) {

  /**
   * Reads all sources. A value that is empty counts as not given there. Relative paths are resolved
   * against the working directory; the tree holds absolute ones.
   *
   * @param file the file named on the command line, which must exist; null: {@code
   *     conf/runnel.yaml} below the working directory, when there is one
   * @param environment the variables of the process; unknown ones are not looked at
   * @param settings values of the command line by key: {@code http.port}
   * @throws BadOption when anything is wrong; it names everything that is
   */
  public static Options load(
      Path workingDirectory,
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> settings) {
    return new OptionSources(workingDirectory).load(file, environment, settings);
  }

  /** Every environment variable that the service reads, in alphabetical order. */
  public static Set<String> variables() {
    return OptionTree.FIELDS.values().stream()
        .map(field -> field.option().variable())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Every option as the documentation shows it, group by group. */
  public static List<OptionRow> rows() {
    return OptionTree.FIELDS.values().stream().map(OptionField::row).toList();
  }

  /** What each group is about, by its name, in order. */
  public static SequencedMap<String, String> groups() {
    return OptionTree.GROUPS;
  }

  /**
   * Variables that look as if they were meant for the service but that it does not read: most
   * likely written wrongly.
   */
  public static Set<String> unread(Map<String, String> environment) {
    var unread = new TreeSet<>(environment.keySet());
    unread.removeIf(name -> !name.startsWith("RUNNEL_") || name.equals("RUNNEL_RUN_ID"));
    unread.removeAll(variables());
    return unread;
  }

  /** The values in force by key, as they would be written; {@code (set)} for a secret. */
  public SequencedMap<String, String> shown() {
    return OptionTree.shown(this);
  }
}

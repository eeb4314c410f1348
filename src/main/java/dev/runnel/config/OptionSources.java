package dev.runnel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the values of all sources, later ones over earlier ones, and everything wrong. */
final class OptionSources {
  private static final Path USUAL_FILE = Path.of("conf", "runnel.yaml");

  private final Path workingDirectory;
  private final Map<String, Given> given = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  OptionSources(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  Options load(@Nullable Path file, Map<String, String> environment, Map<String, String> settings) {
    file(file);
    environment(environment);
    settings(settings);
    stopIfWrong();
    var options = OptionTree.of(values());
    combinations(options);
    stopIfWrong();
    return options;
  }

  private void file(@Nullable Path file) {
    var path = file == null ? USUAL_FILE : file;
    var found = new LinkedHashMap<String, Given>();
    new OptionFile(path, found, problems).read(workingDirectory.resolve(path), file != null);
    found.forEach((key, value) -> add(OptionTree.FIELDS.get(key), value));
  }

  private void environment(Map<String, String> environment) {
    for (var field : OptionTree.FIELDS.values()) {
      var text = environment.get(field.option().variable());
      if (text != null) {
        add(field, new Given(text, "the environment"));
      }
    }
  }

  private void settings(Map<String, String> settings) {
    settings.forEach((key, text) -> {
      var field = OptionTree.FIELDS.get(key);
      if (field == null) {
        problems.add(
            "--set " + Given.quoted(key) + " is not an option; " + OptionTree.offered(key));
      } else {
        add(field, new Given(text, "--set"));
      }
    });
  }

  /** A wrong value is a problem also where a later source would override it. */
  private void add(OptionField field, Given value) {
    if (value.text().isEmpty()) {
      return;
    }
    if (field.read(value.text(), workingDirectory).isEmpty()) {
      problems.add(field.refusal(value));
    }
    given.put(field.key(), value);
  }

  private Map<String, @Nullable Object> values() {
    var values = new HashMap<String, @Nullable Object>();
    for (var field : OptionTree.FIELDS.values()) {
      var value = given.get(field.key());
      values.put(
          field.key(),
          value == null
              ? field.initial(workingDirectory)
              : field.read(value.text(), workingDirectory).orElseThrow());
    }
    return values;
  }

  private void combinations(Options options) {
    together("account.superuserEmail", "account.superuserPassword");
    together("account.adminUsername", "account.adminPassword");
    var data = options.data().dir();
    var functions = options.execution().path();
    // A user that scripts run as owns EXECUTE_PATH: the keys must not lie in it.
    if (data.equals(functions)
        || (options.execution().runAs() != null && data.startsWith(functions))) {
      problems.add(
          "%s: %s must lie outside of %s, which scripts may change"
              .formatted(name("data.dir"), Given.quoted(data.toString()), name("execution.path")));
    }
  }

  private void together(String one, String other) {
    if (given.containsKey(one) != given.containsKey(other)) {
      var set = given.containsKey(one) ? one : other;
      var unset = set.equals(one) ? other : one;
      problems.add(
          "%s is set, from %s, but %s is not; set both or neither"
              .formatted(name(set), given.get(set).origin(), name(unset)));
    }
  }

  private static String name(String key) {
    return OptionTree.FIELDS.get(key).name();
  }

  private void stopIfWrong() {
    if (!problems.isEmpty()) {
      throw new BadOption(problems);
    }
  }
}

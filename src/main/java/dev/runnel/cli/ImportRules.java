package dev.runnel.cli;

import dev.runnel.run.RunRequest;
import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Concurrency;
import dev.runnel.script.ConcurrencyKey;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptName;
import dev.runnel.script.ScriptText;
import dev.runnel.script.ScriptVersion;
import dev.runnel.script.Turns;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must be true of a {@code script.json}; each fault is said in the file's own words. */
final class ImportRules {
  private static final Pattern ENV = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int MOST_CHARACTERS = 4_000;
  private static final int MOST_VERSIONS = 1_000_000;
  private static final long SHORTEST_MS = 100;
  private static final long LONGEST_MS = Duration.ofHours(24).toMillis();

  private final ExportedScript script;
  private final Instant now;
  private final Language language;
  private final Runner runner;

  ImportRules(ExportedScript script, Instant now) {
    this.script = script;
    this.now = now;
    if (script.format() != ExportedScript.FORMAT) {
      throw wrong("format is " + script.format() + "; this Runnel reads " + ExportedScript.FORMAT);
    }
    check("name", ScriptName.checked(given("name", script.name())), script.name());
    check(
        "codeIdentifier",
        CodeIdentifier.checked(given("codeIdentifier", script.codeIdentifier())),
        script.codeIdentifier());
    text("title", script.title());
    text("description", script.description());
    text("workingDirectory", script.workingDirectory());
    this.language = word("language", script.language(), Language.ofScripts());
    this.runner = word("runner", script.runner(), Runner.values());
    pair(runner, language);
    env(given("env", script.env()));
    timeout(script.timeoutMs());
    limits(given("limits", script.limits()));
    turns();
    given("versions", script.versions()).forEach(version -> given("versions", version));
    if (script.revision() < 1) {
      throw wrong("revision must be 1 or more");
    }
  }

  /** The extension of the text in use. */
  String extension() {
    return ExportedScript.extension(language);
  }

  /** The number of each version with its file's extension. */
  Map<Long, String> versions() {
    var extensions = new TreeMap<Long, String>();
    var last = 0L;
    for (var version : script.versions()) {
      if (version.version() <= last || version.version() > MOST_VERSIONS) {
        throw wrong("versions must be numbered upwards from 1");
      }
      last = version.version();
      extensions.put(
          last,
          ExportedScript.extension(word("language", version.language(), Language.ofScripts())));
    }
    return extensions;
  }

  /**
   * The script with its past. A text in use that is not that of the last version was edited in the
   * folder: it is the next one.
   */
  ScriptHistory history(String newest, Map<Long, String> texts) {
    var versions = new ArrayList<ScriptVersion>();
    for (var version : script.versions()) {
      var text = String.valueOf(texts.get(version.version()));
      if (!RunRequest.sha256(text).equals(version.sha256())) {
        throw wrong("versions/" + version.version() + " has another sha256 than script.json says");
      }
      versions.add(version(version, text));
    }
    var last = versions.isEmpty() ? null : versions.getLast();
    if (last == null
        || !last.text().equals(newest)
        || last.language() != language
        || last.runner() != runner) {
      versions.add(
          new ScriptVersion(
              last == null ? 1 : last.version() + 1,
              language,
              runner,
              ScriptText.checked(newest),
              RunRequest.sha256(newest),
              now));
    }
    return new ScriptHistory(
        draft(newest),
        script.revision(),
        instant("created", script.created()),
        instant("updated", script.updated()),
        versions);
  }

  private ScriptDraft draft(String text) {
    var timeout = script.timeoutMs();
    return new ScriptDraft(
        script.name(),
        script.codeIdentifier(),
        script.title(),
        script.description(),
        language,
        runner,
        text,
        script.workingDirectory(),
        List.of(),
        timeout == null ? null : Duration.ofMillis(timeout),
        script.enabled(),
        word("concurrency", script.concurrency(), Concurrency.values()),
        script.limits(),
        turns());
  }

  private Turns turns() {
    var limit = script.concurrencyLimit();
    if (limit != null) {
      within("concurrencyLimit", limit, 1, Turns.MAX_LIMIT);
    }
    var key = script.concurrencyKey();
    var priority = script.priority() == null ? 0 : script.priority();
    within("priority", priority, -Turns.MAX_PRIORITY, Turns.MAX_PRIORITY);
    return new Turns(limit, key == null ? null : ConcurrencyKey.of(key), priority);
  }

  private static ScriptVersion version(ExportedScript.Version version, String text) {
    var language = word("language", version.language(), Language.ofScripts());
    var runner = word("runner", version.runner(), Runner.values());
    pair(runner, language);
    return new ScriptVersion(
        version.version(),
        language,
        runner,
        ScriptText.checked(text),
        version.sha256(),
        instant("created", version.created()));
  }

  private static void pair(Runner runner, Language language) {
    if (!runner.runs(language)) {
      throw wrong("runner " + runner.wire() + " cannot run " + language.wire());
    }
  }

  private static void check(String field, String rule, String given) {
    if (!rule.equals(given)) {
      throw wrong(field + " \"" + given + "\" should be \"" + rule + "\"");
    }
  }

  private static void text(String field, @Nullable String given) {
    var text = given(field, given);
    if (text.length() > MOST_CHARACTERS || text.indexOf('\0') >= 0) {
      throw wrong(field + " holds a NUL or more than " + MOST_CHARACTERS + " characters");
    }
  }

  private static void env(List<String> names) {
    for (var name : names) {
      if (!ENV.matcher(given("env", name)).matches()) {
        throw wrong("env holds \"" + name + "\", which is no name; values do not belong here");
      }
    }
  }

  private static void timeout(@Nullable Long millis) {
    if (millis != null) {
      within("timeoutMs", millis, SHORTEST_MS, LONGEST_MS);
    }
  }

  private static void within(String field, long given, long min, long max) {
    if (given < min || given > max) {
      throw wrong(field + " must be from " + min + " to " + max);
    }
  }

  private static void limits(Limits limits) {
    var wrong =
        Stream.of(
                limits.cpuSeconds(),
                limits.memoryBytes(),
                limits.processes(),
                limits.openFiles(),
                limits.fileSizeBytes())
            .anyMatch(limit -> limit != null && limit <= 0);
    if (wrong) {
      throw wrong("limits must be greater than 0");
    }
  }

  private static Instant instant(String field, @Nullable String given) {
    try {
      return Instant.parse(given(field, given));
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          field + " must be a time such as 2026-01-31T12:00:00Z", malformed);
    }
  }

  private static <E extends Enum<E>> E word(String field, @Nullable String given, E[] words) {
    var word = given(field, given);
    return Arrays.stream(words)
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() -> wrong(field + " \"" + word + "\" is none of " + Arrays.toString(words)));
  }

  private static <T> T given(String field, @Nullable T value) {
    if (value == null) {
      throw wrong(field + " is missing");
    }
    return value;
  }

  private static IllegalArgumentException wrong(String how) {
    return new IllegalArgumentException(how);
  }
}

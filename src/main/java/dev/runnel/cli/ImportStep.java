package dev.runnel.cli;

import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.Turns;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an import does to one script of the target. */
sealed interface ImportStep {

  /** The script's name. */
  String name();

  /** It is not there: it comes with its past. */
  record Create(String name, ScriptHistory history) implements ImportStep {}

  /** It is there and differs; a different text is its next version. */
  record Change(String name, Script there, ScriptChange change) implements ImportStep {}

  /** It is there as it is in the folder. */
  record Nothing(String name) implements ImportStep {}

  /** It cannot be imported. */
  record Conflict(String name, String why) implements ImportStep {}

  /** One step for each script of the folder, in their order. Variables of the target stay. */
  static List<ImportStep> plan(List<ImportFolder.Found> folder, Collection<Script> target) {
    var names = target.stream().collect(Collectors.toMap(Script::name, Function.identity()));
    var codes = new HashMap<String, String>();
    target.forEach(script -> codes.put(script.codeIdentifier(), script.name()));
    return folder.stream().map(found -> step(found, names.get(found.name()), codes)).toList();
  }

  private static ImportStep step(
      ImportFolder.Found found, @Nullable Script there, Map<String, String> codes) {
    var holder = codes.get(found.codeIdentifier());
    if (holder != null && !holder.equals(found.name())) {
      return new Conflict(
          found.name(), "its codeIdentifier " + found.codeIdentifier() + " is that of " + holder);
    }
    if (there == null) {
      return new Create(found.name(), found.history());
    }
    var change = difference(found.history(), there);
    return change == null ? new Nothing(found.name()) : new Change(found.name(), there, change);
  }

  private static @Nullable ScriptChange difference(ScriptHistory history, Script there) {
    var newest = history.newest();
    var timeout = newest.timeout() == null ? Duration.ZERO : newest.timeout();
    var thereTimeout = there.timeout() == null ? Duration.ZERO : there.timeout();
    var change =
        new ScriptChange(
            other(newest.codeIdentifier(), there.codeIdentifier()),
            other(newest.title(), there.title()),
            other(newest.description(), there.description()),
            other(newest.language(), there.language()),
            other(newest.runner(), there.runner()),
            other(newest.text(), there.text()),
            other(newest.workingDirectory(), there.workingDirectory()),
            null,
            other(timeout, thereTimeout),
            other(newest.enabled(), there.enabled()),
            other(newest.concurrency(), there.concurrency()),
            other(newest.limits(), there.limits()),
            difference(newest.turns(), there.turns()),
            there.contentVersion());
    var nothing =
        new ScriptChange(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Turns.Change.NONE,
            there.contentVersion());
    return change.equals(nothing) ? null : change;
  }

  private static Turns.Change difference(Turns wanted, Turns there) {
    var limit = wanted.limit() == null ? 0 : wanted.limit();
    var thereLimit = there.limit() == null ? 0 : there.limit();
    var key = wanted.key() == null ? "" : wanted.key().wire();
    var thereKey = there.key() == null ? "" : there.key().wire();
    return new Turns.Change(
        other(limit, thereLimit), other(key, thereKey), other(wanted.priority(), there.priority()));
  }

  private static <T> @Nullable T other(@Nullable T wanted, @Nullable T there) {
    return Objects.equals(wanted, there) ? null : wanted;
  }
}

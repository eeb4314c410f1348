package dev.runnel.execution.bash;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the start of a shell has left in it, as {@code login_state.bash} prints it: names such as
 * {@code umask}, {@code variable PATH} and {@code function f}, and bash's own words for each. Bytes
 * stand as characters below 256, so that nothing is lost.
 */
record LoginState(SortedMap<String, String> parts) {
  static final String VARIABLE = "variable ";
  static final String FUNCTION = "function ";
  static final String ATTRIBUTES = "attributes ";
  static final String ULIMIT = "ulimit ";

  /** Another in every process, or bound to what the shell does just now. */
  private static final Set<String> MOVING =
      Set.of(
          "BASHPID",
          "BASH_ALIASES",
          "BASH_ARGC",
          "BASH_ARGV",
          "BASH_CMDS",
          "BASH_COMMAND",
          "BASH_EXECUTION_STRING",
          "BASH_LINENO",
          "BASH_MONOSECONDS",
          "BASH_SOURCE",
          "BASH_SUBSHELL",
          "DIRSTACK",
          "EPOCHREALTIME",
          "EPOCHSECONDS",
          "FUNCNAME",
          "LINENO",
          "PIPESTATUS",
          "RANDOM",
          "SECONDS",
          "SRANDOM",
          "_");

  /** Read-only; the options say the same. */
  private static final Set<String> DERIVED = Set.of("BASHOPTS", "SHELLOPTS");

  /** Empty when it is not all there. */
  static Optional<LoginState> parse(String mark, byte[] printed) {
    var fields = new String(printed, StandardCharsets.ISO_8859_1).split("\0", -1);
    if (!fields[0].equals(mark)) {
      return Optional.empty();
    }
    var parts = new TreeMap<String, String>();
    for (var i = 1; i + 1 < fields.length; i += 2) {
      parts.put(fields[i], fields[i + 1]);
    }
    if (parts.remove("end") == null) {
      return Optional.empty();
    }
    MOVING.forEach(name -> parts.remove(VARIABLE + name));
    DERIVED.forEach(name -> parts.remove(VARIABLE + name));
    return Optional.of(new LoginState(parts));
  }

  /** What bash says of it; empty where there is no such thing. */
  String part(String name) {
    return parts.getOrDefault(name, "");
  }

  /** The names of all that is not the same in both. */
  SortedMap<String, String> changedFrom(LoginState other) {
    var names = new TreeSet<>(parts.keySet());
    names.addAll(other.parts.keySet());
    var changed = new TreeMap<String, String>();
    for (var name : names) {
      if (!part(name).equals(other.part(name))) {
        changed.put(name, part(name));
      }
    }
    return changed;
  }

  /** Without what is meant to be another in each run. */
  LoginState withoutTheRuns() {
    var rest = new TreeMap<>(parts);
    rest.keySet()
        .removeIf(name ->
            name.equals("arguments")
                || name.equals("random")
                || (name.startsWith(VARIABLE)
                    && LoginKey.isOfTheRun(name.substring(VARIABLE.length()))));
    return new LoginState(rest);
  }

  /** Without the numbers that tell a seeded generator. */
  LoginState withoutRandom() {
    var rest = new TreeMap<>(parts);
    rest.remove("random");
    return new LoginState(rest);
  }

  /** One word of a shell script. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}

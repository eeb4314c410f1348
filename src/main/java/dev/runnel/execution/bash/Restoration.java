package dev.runnel.execution.bash;

import static dev.runnel.execution.bash.LoginState.ATTRIBUTES;
import static dev.runnel.execution.bash.LoginState.FUNCTION;
import static dev.runnel.execution.bash.LoginState.ULIMIT;
import static dev.runnel.execution.bash.LoginState.VARIABLE;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;

/**
 * The commands that bring a plain shell to where a login left it. What they cannot bring back is
 * found by comparing afterwards, so nothing here needs to be complete.
 */
final class Restoration {
  private static final String EXPAND_ALIASES = "expand_aliases";

  private final LoginState plain;
  private final LoginState login;
  private final SortedMap<String, String> changed;
  private final StringBuilder commands = new StringBuilder();

  private Restoration(LoginState plain, LoginState login) {
    this.plain = plain;
    this.login = login;
    this.changed = login.changedFrom(plain);
  }

  /** The content of the file. */
  static byte[] commands(LoginState plain, LoginState login) {
    return new Restoration(plain, login).write().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String write() {
    // Options first that decide how a function's text is read; aliases would change what is read.
    lines("shopt").stream().filter(line -> !line.endsWith(EXPAND_ALIASES)).forEach(this::line);
    changed.forEach((name, declaration) -> {
      if (name.startsWith(VARIABLE)) {
        variable(name, declaration);
      } else if (name.startsWith(FUNCTION)) {
        function(name.substring(FUNCTION.length()), declaration);
      } else if (name.startsWith(ULIMIT)) {
        ulimit(name.substring(ULIMIT.length()), declaration.lines().toList());
      }
    });
    changed.forEach((name, declaration) -> {
      // Without an attribute these words would print the function.
      if (name.startsWith(ATTRIBUTES) && !declaration.startsWith("declare -f ")) {
        line(declaration);
      }
    });
    lines("complete").forEach(this::line);
    if (changed.containsKey("alias")) {
      line("unalias -a");
      line(login.part("alias"));
    }
    if (changed.containsKey("umask")) {
      line("umask " + login.part("umask"));
    }
    lines("shopt").stream().filter(line -> line.endsWith(EXPAND_ALIASES)).forEach(this::line);
    lines("options").forEach(this::line);
    line("unset -v " + Login.ENV);
    last();
    return commands.toString();
  }

  private void variable(String name, String declaration) {
    var word = name.substring(VARIABLE.length());
    if (declaration.isEmpty() || !kind(declaration).equals(kind(plain.part(name)))) {
      if (!plain.part(name).isEmpty()) {
        line("unset -v " + word);
      }
    }
    line(declaration);
  }

  /** The options that {@code declare} names: what a new value alone would not change. */
  private static String kind(String declaration) {
    return declaration.replaceFirst("^(declare \\S+)(?s:.*)", "$1");
  }

  private void function(String name, String declaration) {
    line(declaration.isEmpty() ? "unset -f " + name : declaration);
  }

  /** The soft limit is never above the hard one. */
  private void ulimit(String resource, List<String> limits) {
    var kinds = List.of("-S", "-H");
    for (var i = 0; i < limits.size(); i++) {
      line("ulimit " + kinds.get(i) + " -" + resource + " " + limits.get(i));
    }
  }

  /** {@code $_}, {@code $?} and PIPESTATUS as the last commands of the profile left them. */
  private void last() {
    var word = LoginState.quoted(login.part("last"));
    var status = login.part("status");
    var pipeline = login.part("pipeline");
    if (status.equals("1") && pipeline.equals("1")) {
      line("false " + word);
      return;
    }
    line(": " + word);
    if (!status.equals("0") || !pipeline.equals("0")) {
      line("(exit " + pipeline.replace(" ", ") | (exit ") + ")");
    }
  }

  /** The lines of this part that a plain shell does not have. */
  private List<String> lines(String part) {
    var there = plain.part(part).lines().toList();
    return login.part(part).lines().filter(line -> !there.contains(line)).toList();
  }

  private void line(String command) {
    if (!command.isEmpty()) {
      commands.append(command).append(command.endsWith("\n") ? "" : "\n");
    }
  }
}

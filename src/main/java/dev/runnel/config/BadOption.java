package dev.runnel.config;

import java.util.List;

/**
 * Options with which the service does not start. The message has one line for each problem: the
 * option with its variable, the given value (never of a secret one), where it came from, and what
 * is allowed.
 */
public final class BadOption extends RuntimeException {
  private final List<String> problems;

  BadOption(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The lines of the message. */
  public List<String> problems() {
    return problems;
  }
}

package dev.runnel.execution.bash;

import java.nio.file.Path;

/** What is known of the login shells of one environment. */
sealed interface Login {
  /** Bash reads the file that it names at the start of a script, after any profile. */
  String ENV = "BASH_ENV";

  /** What it was found out from; it holds as long as these stay as they are. */
  WatchedFiles files();

  /**
   * A start without profile files that reads this file makes no difference.
   *
   * @param file restores what the profile files leave
   */
  record Restorable(WatchedFiles files, Path file) implements Login {}

  /**
   * Only a real login will do.
   *
   * @param reason for people, continues "the profile …"
   */
  record Real(WatchedFiles files, String reason) implements Login {}
}

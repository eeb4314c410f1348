package dev.runnel.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The user scripts run as, instead of the service's own.
 *
 * @param setpriv the program that changes the user
 * @param user name or number
 * @param group number of the user's own group
 */
record RunAs(String setpriv, String user, String group) {

  /**
   * Looks the user up.
   *
   * @throws IllegalArgumentException when there is no such user or no setpriv, saying what to do
   */
  static RunAs user(String user) {
    return new RunAs(
        OnPath.find("setpriv")
            .orElseThrow(() ->
                new IllegalArgumentException("RUNNEL_RUN_AS needs setpriv: install util-linux")),
        user,
        groupOf(user));
  }

  private static String groupOf(String user) {
    try {
      var process =
          new ProcessBuilder("id", "-g", "--", user)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      var group = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (process.waitFor() == 0) {
        return group.strip();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "RUNNEL_RUN_AS needs the program id: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalArgumentException(
        "RUNNEL_RUN_AS names no user of this machine: " + user + "; create it with useradd");
  }

  /** The arguments that start the same program as this user, without any privilege to gain. */
  List<String> argv(String program, List<String> argv) {
    var all =
        new ArrayList<>(
            List.of(
                setpriv,
                "--reuid=" + user,
                "--regid=" + group,
                "--init-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                "--",
                program));
    all.addAll(argv.subList(1, argv.size()));
    return all;
  }
}

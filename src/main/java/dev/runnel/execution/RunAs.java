package dev.runnel.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user scripts run as, instead of the service's own.
 *
 * @param setpriv the program that changes the user
 * @param user name or number
 * @param group number of the user's own group
 * @param prlimit the program that sets limits before the user is changed, where the service may not
 *     set those of another user's process afterwards; null where it may
 */
record RunAs(String setpriv, String user, String group, @Nullable String prlimit) {

  private static final Pattern CAPABILITIES =
      Pattern.compile("^CapEff:\\s*([0-9a-f]+)$", Pattern.MULTILINE);
  private static final int CAP_SYS_RESOURCE = 24;

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
        groupOf(user),
        mayLimitOthers() ? null : OnPath.find("prlimit").orElse(null));
  }

  /** CAP_SYS_RESOURCE: in a container also root may be without it. */
  private static boolean mayLimitOthers() {
    var found = CAPABILITIES.matcher(String.valueOf(Proc.text("/proc/self/status")));
    return found.find()
        && (Long.parseUnsignedLong(found.group(1), 16) >> CAP_SYS_RESOURCE & 1) == 1;
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
  List<String> argv(String program, Launch launch) {
    var all = new ArrayList<String>();
    if (prlimit != null) {
      all.add(prlimit);
      all.addAll(Rlimits.words(launch.limits()));
      all.add("--");
    }
    all.addAll(
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
    all.addAll(launch.argv().subList(1, launch.argv().size()));
    return all;
  }
}

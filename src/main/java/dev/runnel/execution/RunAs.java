package dev.runnel.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user scripts run as, instead of the service's own.
 *
 * @param setpriv the program that changes the user
 * @param user name or number
 * @param group number of the user's own group
 * @param identity the variables that tell programs whose processes they are: HOME, USER, LOGNAME
 * @param prlimit the program that sets limits before the user is changed, where the service may not
 *     set those of another user's process afterwards; null where it may
 */
record RunAs(
    String setpriv,
    String user,
    String group,
    Map<String, String> identity,
    @Nullable String prlimit) {

  private static final Pattern CAPABILITIES =
      Pattern.compile("^CapEff:\\s*([0-9a-f]+)$", Pattern.MULTILINE);
  private static final int CAP_SYS_RESOURCE = 24;

  private static final int NAME = 0;
  private static final int GROUP = 3;
  private static final int HOME = 5;

  /**
   * Looks the user up.
   *
   * @throws IllegalArgumentException when there is no such user or no setpriv, saying what to do
   */
  static RunAs user(String user) {
    var entry = entry(user);
    return new RunAs(
        OnPath.find("setpriv")
            .orElseThrow(() ->
                new IllegalArgumentException("RUNNEL_RUN_AS needs setpriv: install util-linux")),
        user,
        entry[GROUP],
        Map.of("HOME", entry[HOME], "USER", entry[NAME], "LOGNAME", entry[NAME]),
        mayLimitOthers() ? null : OnPath.find("prlimit").orElse(null));
  }

  /** CAP_SYS_RESOURCE: in a container also root may be without it. */
  private static boolean mayLimitOthers() {
    var found = CAPABILITIES.matcher(String.valueOf(Proc.text("/proc/self/status")));
    return found.find()
        && (Long.parseUnsignedLong(found.group(1), 16) >> CAP_SYS_RESOURCE & 1) == 1;
  }

  /** The user's line of the password database. */
  private static String[] entry(String user) {
    try {
      var process =
          new ProcessBuilder("getent", "passwd", "--", user)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      var line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var fields = line.strip().split(":", -1);
      if (process.waitFor() == 0 && fields.length > HOME) {
        return fields;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "RUNNEL_RUN_AS needs the program getent: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalArgumentException(
        "RUNNEL_RUN_AS names no user of this machine: " + user + "; create it with useradd");
  }

  /** The service's environment as this user's: a login shell must not look into another's home. */
  Map<String, String> own(Map<String, String> environment) {
    var own = new LinkedHashMap<>(environment);
    own.replaceAll(identity::getOrDefault);
    return own;
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

package dev.runnel.config;

import dev.runnel.config.Option.Unit;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How scripts are run. */
public record ExecutionOptions(
    @Option(
            variable = "EXECUTE_PATH",
            initial = "functions",
            meaning =
                "Working directory of BosBase and python runs; holds `.venv`, uploads and"
                    + " `scripts/`. The container image sets `/pb/functions`.")
        Path path,
    @Option(
            variable = "RUNNEL_SLOTS",
            initial = "0",
            min = "0",
            max = "10000",
            meaning = "Runs at a time on this node; `0` is four for each core.")
        int slots,
    @Option(
            variable = "RUNNEL_QUEUE_LENGTH",
            initial = "10000",
            min = "0",
            max = "1000000",
            meaning = "Accepted runs that may wait for a slot; over it starts are refused.")
        int queueLength,
    @Option(
            variable = "RUNNEL_SCRIPT_QUEUE_LENGTH",
            initial = "20",
            min = "1",
            max = "10000",
            meaning =
                "Runs of one script (and one value of its `concurrencyKey`) that may wait because"
                    + " others of it run; over it starts are refused.")
        int scriptQueueLength,
    @Option(
            variable = "RUNNEL_SYNC_TIMEOUT",
            initial = "300 s",
            min = "100 ms",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Limit of a BosBase run that somebody waits for, unless the script has one.")
        Duration syncTimeout,
    @Option(
            variable = "RUNNEL_ASYNC_TIMEOUT",
            initial = "24 h",
            min = "100 ms",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Limit of an asynchronous BosBase run, unless the script has one.")
        Duration asyncTimeout,
    @Option(
            variable = "RUNNEL_ADMIN_TIMEOUT",
            initial = "5 min",
            min = "100 ms",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Limit of a run of the admin door, unless the script has one.")
        Duration adminTimeout,
    @Option(
            variable = "RUNNEL_COMMAND_TIMEOUT",
            initial = "30 min",
            min = "100 ms",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Limit of a shell command of the BosBase door, waited for or not.")
        Duration commandTimeout,
    @Option(
            variable = "RUNNEL_SLOT_TIMEOUT",
            initial = "60 s",
            min = "0",
            max = "24 h",
            unit = Unit.TIME,
            meaning =
                "Queue time-out: how long a run waits for a slot while somebody waits for its"
                    + " answer. Asynchronous starts wait without limit.")
        Duration slotTimeout,
    @Option(
            variable = "RUNNEL_START_TIMEOUT",
            initial = "30 s",
            min = "100 ms",
            max = "1 h",
            unit = Unit.TIME,
            meaning =
                "Start time-out: a run that has its slot but no process after this has failed.")
        Duration startTimeout,
    @Option(
            variable = "RUNNEL_KILL_GRACE",
            initial = "3 s",
            min = "0",
            max = "5 min",
            unit = Unit.TIME,
            meaning = "Time between SIGTERM and SIGKILL when a run is cancelled or timed out.")
        Duration killGrace,
    @Option(
            variable = "RUNNEL_STOP_GRACE",
            initial = "10 s",
            min = "0",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Time that running scripts get to end when the service is stopped.")
        Duration stopGrace,
    @Option(
            variable = "RUNNEL_LEASE",
            initial = "15 s",
            min = "3 s",
            max = "10 min",
            unit = Unit.TIME,
            meaning =
                "A node that has not reached the database for so long, while others did, is lost:"
                    + " they end its running runs. It renews three times in that time. The same on"
                    + " all nodes of one database.")
        Duration lease,
    @Option(
            variable = "RUNNEL_RUN_ENV",
            initial = "filtered",
            meaning =
                "What scripts see of the service's environment: `filtered` (all but the service's"
                    + " own variables and names that look like secrets) or `none` (PATH, HOME and"
                    + " EXECUTE_PATH only).")
        RunEnvironment runEnvironment,
    @Option(
            variable = "RUNNEL_RUN_AS",
            pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}",
            allowed = "a user of this host",
            meaning = "User that scripts run as; needs root and `setpriv`. Unset: the service's.")
        @Nullable String runAs,
    @Option(
            variable = "SCRIPTS_BASH_LOGIN",
            initial = "snapshot",
            also = {"true=snapshot", "false=off"},
            meaning =
                "How bash scripts get the login environment of `bash -lc`: `snapshot` (taken once"
                    + " and restored for each run, where a self-test shows no difference), `exec`"
                    + " (the profile files run each time) or `off` (`bash -c`).")
        BashLogin bashLogin,
    @Option(
            variable = "RUNNEL_STANDBYS",
            initial = "4",
            min = "0",
            max = "1000",
            meaning =
                "Python interpreters that may wait for calls of functions, started ahead where two"
                    + " such calls have come within a minute; `0` for none.")
        int standbys,
    @Option(
            variable = "RUNNEL_VENV_CREATE",
            initial = "true",
            meaning = "Whether a missing `.venv` is made in `EXECUTE_PATH` at the start.")
        boolean venvCreate) {

  /** What scripts see of the service's environment. */
  public enum RunEnvironment {
    FILTERED,
    NONE
  }

  /** How bash scripts get what the profile files set. */
  public enum BashLogin {
    /** Restored from a snapshot where nothing differs, else as {@link #EXEC}. */
    SNAPSHOT,
    /** The profile files run each time. */
    EXEC,
    /** Not at all. */
    OFF
  }

  /** The runs at a time on this node. */
  public int effectiveSlots() {
    return slots > 0 ? slots : 4 * Runtime.getRuntime().availableProcessors();
  }
}

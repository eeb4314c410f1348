package dev.runnel.config;

import dev.runnel.config.Option.Unit;
import java.time.Duration;

/**
 * What one run may use, where its definition says nothing, and the most that a definition may ask
 * for; zero means no limit.
 */
public record LimitOptions(
    @Option(
            variable = "RUNNEL_LIMIT_TIME_MAX",
            initial = "24 h",
            min = "1 s",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "The longest timeout that a script may ask for.")
        Duration timeMax,
    @Option(
            variable = "RUNNEL_LIMIT_CPU",
            initial = "0",
            min = "0",
            max = "365 d",
            unit = Unit.TIME,
            meaning = "Processor time of a run, all its processes together; `0` is no limit.")
        Duration cpu,
    @Option(
            variable = "RUNNEL_LIMIT_CPU_MAX",
            initial = "0",
            min = "0",
            max = "365 d",
            unit = Unit.TIME,
            meaning = "The most processor time that a script may ask for; `0` is any.")
        Duration cpuMax,
    @Option(
            variable = "RUNNEL_LIMIT_MEMORY",
            initial = "2 GiB",
            min = "0",
            max = "1048576 GiB",
            unit = Unit.BYTES,
            meaning = "Resident memory of a run, all its processes together; `0` is no limit.")
        long memory,
    @Option(
            variable = "RUNNEL_LIMIT_MEMORY_MAX",
            initial = "0",
            min = "0",
            max = "1048576 GiB",
            unit = Unit.BYTES,
            meaning = "The most memory that a script may ask for; `0` is any.")
        long memoryMax,
    @Option(
            variable = "RUNNEL_LIMIT_PROCESSES",
            initial = "512",
            min = "0",
            max = "4194304",
            meaning = "Processes and threads of a run at a time; `0` is no limit.")
        long processes,
    @Option(
            variable = "RUNNEL_LIMIT_PROCESSES_MAX",
            initial = "0",
            min = "0",
            max = "4194304",
            meaning = "The most processes and threads that a script may ask for; `0` is any.")
        long processesMax,
    @Option(
            variable = "RUNNEL_LIMIT_OPEN_FILES",
            initial = "4096",
            min = "0",
            max = "1048576",
            meaning = "Open files of one process; `0` is what the service itself may open.")
        long openFiles,
    @Option(
            variable = "RUNNEL_LIMIT_OPEN_FILES_MAX",
            initial = "0",
            min = "0",
            max = "1048576",
            meaning = "The most open files that a script may ask for; `0` is any.")
        long openFilesMax,
    @Option(
            variable = "RUNNEL_LIMIT_FILE_SIZE",
            initial = "0",
            min = "0",
            max = "1048576 GiB",
            unit = Unit.BYTES,
            meaning = "Size of any one file that a run writes; `0` is no limit.")
        long fileSize,
    @Option(
            variable = "RUNNEL_LIMIT_FILE_SIZE_MAX",
            initial = "0",
            min = "0",
            max = "1048576 GiB",
            unit = Unit.BYTES,
            meaning = "The largest file that a script may ask for; `0` is any.")
        long fileSizeMax,
    @Option(
            variable = "RUNNEL_LIMIT_CGROUP",
            initial = "auto",
            meaning =
                "Whether runs get a cgroup v2 of their own: `auto` where one can be made that"
                    + " limits memory or processes, `always` also for ending its processes only,"
                    + " `off` never.")
        CgroupUse cgroup) {

  /** When runs get a cgroup of their own. */
  public enum CgroupUse {
    AUTO,
    ALWAYS,
    OFF
  }
}

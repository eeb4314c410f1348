package dev.runnel.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time in milliseconds, user and kernel together, as {@code /proc} tells it in steps of
 * 10 ms: of the service itself, of its embedded database, and of the scripts that it has buried.
 * Unlike the clock on the wall it hardly depends on what else runs on the machine.
 */
record CpuTimes(double service, double database, double scripts) {
  private static final double TICK_MILLIS = 10;

  static CpuTimes of(ServiceProcess service) throws IOException {
    var own = Stat.of(service.pid());
    double database = 0;
    for (var child : children(service.pid())) {
      if (isPostmaster(child)) {
        var postmaster = Stat.of(child);
        database += postmaster.own + postmaster.buried;
        for (var backend : children(child)) {
          database += Stat.of(backend).own;
        }
      }
    }
    return new CpuTimes(own.own, database, own.buried);
  }

  CpuTimes since(CpuTimes before) {
    return new CpuTimes(
        service - before.service, database - before.database, scripts - before.scripts);
  }

  CpuTimes per(int runs) {
    return new CpuTimes(service / runs, database / runs, scripts / runs);
  }

  private record Stat(double own, double buried) {

    /** Nothing for a process that has ended meanwhile: its parent has its time now. */
    static Stat of(long pid) throws IOException {
      var file = Path.of("/proc/" + pid + "/stat");
      if (!Files.exists(file)) {
        return new Stat(0, 0);
      }
      var text = Files.readString(file);
      // The name before the bracket may hold anything.
      var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return new Stat(
          TICK_MILLIS * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])),
          TICK_MILLIS * (Long.parseLong(fields[13]) + Long.parseLong(fields[14])));
    }
  }

  /** The processes whose parent this is. */
  static List<Long> children(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .map(ProcessHandle::pid)
        .toList();
  }

  static boolean isPostmaster(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("/postgres"))
        .isPresent();
  }
}

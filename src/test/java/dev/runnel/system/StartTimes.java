package dev.runnel.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the command to the first answer of {@code /api/health}, out of the jar, in seconds. */
final class StartTimes {
  static final Path JAR = Path.of("target", "runnel.jar").toAbsolutePath();
  private static final Path LAUNCHER = Path.of("src/main/launcher/runnel").toAbsolutePath();
  private static final double MEGA = 1e6;

  private final Path home;

  StartTimes(Path home) {
    this.home = home;
  }

  /**
   * What so many starts of one kind took.
   *
   * @param residentMegabytes of the JVM after its first answer, the least of all
   * @param databaseMegabytes of the embedded database then, shared pages counted once
   */
  record Starts(List<Double> seconds, double residentMegabytes, double databaseMegabytes) {
    double median() {
      return Samples.median(seconds);
    }

    double best() {
      return Samples.least(seconds);
    }
  }

  /** On empty directories: unpacks and makes the database. */
  Starts first(int times) throws IOException {
    var all = new ArrayList<Started>();
    for (var i = 0; i < times; i++) {
      all.add(start(home.resolve("first-" + i), List.of()));
    }
    return starts(all);
  }

  /** On data that is there; {@code jvm} are options of the JVM. */
  Starts later(int times, List<String> jvm) throws IOException {
    var existing = home.resolve("existing");
    if (!Files.exists(existing)) {
      start(existing, List.of());
    }
    var all = new ArrayList<Started>();
    for (var i = 0; i < times; i++) {
      all.add(start(existing, jvm));
    }
    return starts(all);
  }

  /** Makes an AOT cache with the launcher; answers the options that use it. */
  List<String> aotCache() throws IOException, InterruptedException {
    var cache = home.resolve("runnel.aot");
    var builder =
        new ProcessBuilder(LAUNCHER.toString(), "--make-aot-cache", cache.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("aot.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(Files.readString(home.resolve("aot.log")));
    }
    var options = new ArrayList<>(ServiceProcess.launcherOptions());
    options.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
    return options;
  }

  private record Started(double seconds, double resident, double database) {}

  private static Starts starts(List<Started> all) {
    return new Starts(
        all.stream().map(Started::seconds).toList(),
        all.stream().mapToDouble(Started::resident).min().orElseThrow(),
        all.getLast().database);
  }

  private static Started start(Path home, List<String> jvm) throws IOException {
    var health = Wire.request("GET", "/api/health", "", "");
    var start = System.nanoTime();
    try (var service = ServiceProcess.ofJar(List.of(), jvm, JAR, home);
        var wire = new Wire(service.url(), health, "")) {
      wire.exchange();
      var seconds = (System.nanoTime() - start) / 1e9;
      return new Started(
          seconds, service.residentBytes() / MEGA, databaseBytes(service.pid()) / MEGA);
    }
  }

  private static long databaseBytes(long service) throws IOException {
    long kib = 0;
    for (var child : CpuTimes.children(service)) {
      if (CpuTimes.isPostmaster(child)) {
        kib += proportional(child);
        for (var backend : CpuTimes.children(child)) {
          kib += proportional(backend);
        }
      }
    }
    return kib * 1024;
  }

  /** Memory of a process in KiB, its part of what it shares with others. */
  private static long proportional(long pid) throws IOException {
    var file = Path.of("/proc/" + pid + "/smaps_rollup");
    if (!Files.exists(file)) {
      return 0; // a backend that has ended meanwhile
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }
}

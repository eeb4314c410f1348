package dev.runnel.execution;

import dev.runnel.execution.Cgroups.Controller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cgroup of one run. Every method reads or writes small files and so blocks shortly. */
final class RunCgroup {
  private static final Logger LOG = LoggerFactory.getLogger(RunCgroup.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = 500_000;
  private static final Pattern OOM =
      Pattern.compile("^oom(?:_group)?_kill [1-9]", Pattern.MULTILINE);
  private static final Pattern REFUSED = Pattern.compile("^max [1-9]", Pattern.MULTILINE);

  private final Path directory;
  private final RunLimits limits;
  private final Set<Controller> controllers;

  private RunCgroup(Path directory, RunLimits limits, Set<Controller> controllers) {
    this.directory = directory;
    this.limits = limits;
    this.controllers = controllers;
  }

  /** Makes the directory and sets the limits that the controllers can hold. */
  static RunCgroup make(Path directory, RunLimits limits, Set<Controller> controllers)
      throws IOException {
    Files.createDirectory(directory);
    var group = new RunCgroup(directory, limits, controllers);
    var memory = limits.memoryBytes();
    if (memory != null && controllers.contains(Controller.MEMORY)) {
      group.write("memory.max", Long.toString(memory));
      group.write("memory.oom.group", "1");
      if (Files.exists(directory.resolve("memory.swap.max"))) {
        group.write("memory.swap.max", "0");
      }
    }
    var processes = limits.processes();
    if (processes != null && controllers.contains(Controller.PIDS)) {
      group.write("pids.max", Long.toString(processes));
    }
    return group;
  }

  /** The group that a former life of the service made there; empty where there is none. */
  static RunCgroup left(Path directory) {
    return new RunCgroup(directory, RunLimits.NONE, Set.of());
  }

  /** Takes a process in; what it starts from then on is born inside. */
  void enter(long pid) throws IOException {
    write("cgroup.procs", Long.toString(pid));
  }

  /** The limit that the kernel has enforced, if any. */
  @Nullable Breach breach() {
    var memory = limits.memoryBytes();
    if (memory != null && controllers.contains(Controller.MEMORY) && says("memory.events", OOM)) {
      return Breach.ofMemory(memory);
    }
    var processes = limits.processes();
    if (processes != null
        && controllers.contains(Controller.PIDS)
        && says("pids.events", REFUSED)) {
      return Breach.ofProcesses(processes);
    }
    return null;
  }

  private boolean says(String file, Pattern pattern) {
    var text = Proc.text(directory.resolve(file).toString());
    return text != null && pattern.matcher(text).find();
  }

  /**
   * Kills all that is inside, in one step, and waits until they are gone.
   *
   * @return how many those were
   */
  int kill() {
    int killed = count();
    if (killed == 0) {
      return 0;
    }
    try {
      write("cgroup.kill", "1");
    } catch (IOException refused) {
      LOG.warn("cgroup.kill in {} failed: {}", directory, refused.toString());
      return 0;
    }
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (count() > 0 && System.nanoTime() < giveUp) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return killed;
  }

  private int count() {
    var processes = Proc.text(directory.resolve("cgroup.procs").toString());
    return processes == null ? 0 : (int) processes.lines().count();
  }

  /** Removes the empty group, with those that a script may have made inside. */
  void remove() {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!isRemoved()) {
      if (System.nanoTime() > giveUp) {
        LOG.warn("The cgroup {} of a run could not be removed", directory);
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean isRemoved() {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (IOException notYet) {
      removeInner();
      return false;
    }
  }

  private void removeInner() {
    try (var inside = Files.walk(directory)) {
      for (var each : inside.skip(1).filter(Files::isDirectory).toList().reversed()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException changing) {
      LOG.debug("Within {}: {}", directory, changing.toString());
    }
  }

  private void write(String file, String value) throws IOException {
    Files.writeString(directory.resolve(file), value);
  }
}

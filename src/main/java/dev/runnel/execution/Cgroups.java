package dev.runnel.execution;

import dev.runnel.config.LimitOptions.CgroupUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives runs a cgroup v2 of their own, below the service's, where the host lets it make some and
 * that is worth it: to move a process into a group holds every fork on the host for a moment.
 */
final class Cgroups {
  private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);

  /** Where the groups of runs are. */
  private static final String RUNS = "runnel-runs";

  /** What the kernel can count and limit in a group. */
  enum Controller {
    MEMORY,
    PIDS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final @Nullable Path runs;
  private final Set<Controller> controllers;
  private final String finding;
  private final Map<ProcessId, RunCgroup> groups = new ConcurrentHashMap<>();
  private final AtomicBoolean complained = new AtomicBoolean();

  private Cgroups(@Nullable Path runs, Set<Controller> controllers, String finding) {
    this.runs = runs;
    this.controllers = controllers;
    this.finding = finding;
  }

  /** What this host allows. */
  static Cgroups open(CgroupUse use) {
    if (use == CgroupUse.OFF) {
      return none("cgroups are switched off");
    }
    var home = CgroupHome.find();
    return home.isEmpty()
        ? none("there is no cgroup v2 that the service may write")
        : below(home.get(), use);
  }

  /** The same below this group. */
  static Cgroups below(CgroupHome home, CgroupUse use) {
    if (use == CgroupUse.AUTO && home.offered().isEmpty()) {
      return none("cgroup v2 has neither the memory nor the pids controller here");
    }
    try {
      var controllers = home.delegate();
      if (use == CgroupUse.AUTO && controllers.isEmpty()) {
        return none("cgroup v2 does not let the service use its controllers here");
      }
      var runs = home.directory().resolve(RUNS);
      if (!Files.isDirectory(runs)) {
        Files.createDirectory(runs);
      }
      if (!controllers.isEmpty()) {
        CgroupHome.enable(runs, controllers);
      }
      if (!Files.exists(runs.resolve("cgroup.kill"))) {
        return none("the kernel has no cgroup.kill (Linux has it from 5.14 on)");
      }
      return new Cgroups(
          runs,
          controllers,
          "every run has a cgroup of its own"
              + (controllers.isEmpty()
                  ? ""
                  : " with "
                      + controllers.stream()
                          .map(Controller::word)
                          .collect(Collectors.joining(" and "))));
    } catch (IOException refused) {
      return none("no cgroup can be made: " + refused.getMessage());
    }
  }

  private static Cgroups none(String why) {
    return new Cgroups(null, EnumSet.noneOf(Controller.class), why);
  }

  /** What is used, or why nothing is. */
  String finding() {
    return finding;
  }

  boolean areUsed() {
    return runs != null;
  }

  /** Whether the kernel holds every run to its limit of this. */
  boolean limit(Controller controller) {
    return controllers.contains(controller);
  }

  /**
   * Puts a process that has just been started into a group of its own, with the children it may
   * already have. Whoever is lost on the way is found by {@link ProcessTree} all the same.
   */
  void enter(ProcessId leader, @Nullable String runId, RunLimits limits) {
    if (runs == null || runId == null) {
      return;
    }
    try {
      var group = RunCgroup.make(runs.resolve(runId), limits, controllers);
      groups.put(leader, group);
      enter(group, leader.pid());
    } catch (IOException failure) {
      if (complained.compareAndSet(false, true)) {
        LOG.warn("A run goes without its cgroup: {}", failure.toString());
      }
      end(leader);
    }
  }

  private static void enter(RunCgroup group, long pid) throws IOException {
    if (Proc.stat(pid).filter(ProcessStat::isAlive).isEmpty()) {
      return;
    }
    group.enter(pid);
    for (long child : Proc.children(pid)) {
      enter(group, child);
    }
  }

  /** The group of a run; null when it has none. */
  @Nullable RunCgroup of(ProcessId leader) {
    return groups.get(leader);
  }

  /** Kills what is in the group of a run; answers how many those were. */
  int kill(ProcessId leader) {
    var group = groups.get(leader);
    return group == null ? 0 : group.kill();
  }

  /** Removes the group of a run that has ended. */
  void end(ProcessId leader) {
    var group = groups.remove(leader);
    if (group != null) {
      group.remove();
    }
  }

  /**
   * Kills what is in the groups that a former life has left, and removes them; answers how many
   * those were, by run id.
   */
  Map<String, Integer> recover(Collection<Remains> remains) {
    var killed = new HashMap<String, Integer>();
    if (runs != null) {
      for (var each : remains) {
        var directory = runs.resolve(each.runId());
        if (Files.isDirectory(directory)) {
          var group = RunCgroup.left(directory);
          killed.put(each.runId(), group.kill());
          group.remove();
        }
      }
    }
    return killed;
  }
}

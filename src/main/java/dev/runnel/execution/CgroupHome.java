package dev.runnel.execution;

import dev.runnel.execution.Cgroups.Controller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cgroup v2 below which the service may make others: the one it was started in, if that was
 * handed over to it.
 *
 * @param directory its directory
 */
record CgroupHome(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupHome.class);

  /** A group with limited children may hold no processes itself: the service moves down here. */
  private static final String SERVICE = "runnel-service";

  private static final Pattern BLANK = Pattern.compile(" ");

  /** Where this process is; empty when there is no cgroup v2, or none that it may write. */
  static Optional<CgroupHome> find() {
    var mounts = Proc.text("/proc/self/mountinfo");
    var groups = Proc.text("/proc/self/cgroup");
    if (mounts == null || groups == null) {
      return Optional.empty();
    }
    return groups
        .lines()
        .filter(line -> line.startsWith("0::"))
        .findFirst()
        .flatMap(line -> find(mounts.lines().toList(), line.substring(3)))
        .map(directory -> directory.endsWith(SERVICE) ? directory.getParent() : directory)
        .filter(directory -> Files.isWritable(directory.resolve("cgroup.procs")))
        .map(CgroupHome::new);
  }

  /** The directory of a group; a mount may show only what lies below some other group. */
  static Optional<Path> find(List<String> mounts, String group) {
    for (var mount : mounts) {
      var halves = mount.split(" - ", 2);
      var words = BLANK.split(halves[0], -1);
      if (halves.length == 2 && halves[1].startsWith("cgroup2 ") && words.length > 4) {
        var root = words[3];
        var inside = root.equals("/") || group.equals(root) || group.startsWith(root + "/");
        if (inside && !group.contains("/../")) {
          var below = root.equals("/") ? group : group.substring(root.length());
          return Optional.of(Path.of(words[4] + below));
        }
      }
    }
    return Optional.empty();
  }

  /** The controllers of interest that this group could hand down. */
  Set<Controller> offered() {
    return in("cgroup.controllers");
  }

  /** Has the groups below this one limited as far as it goes; answers what limits them. */
  Set<Controller> delegate() throws IOException {
    var wanted = offered();
    if (wanted.isEmpty() || in("cgroup.subtree_control").containsAll(wanted)) {
      return wanted;
    }
    try {
      enable(directory, wanted);
    } catch (IOException busy) {
      if (!moveDown()) {
        LOG.info("{} holds other processes: its controllers are left alone", directory);
        return in("cgroup.subtree_control");
      }
      enable(directory, wanted);
    }
    return in("cgroup.subtree_control");
  }

  /** Turns controllers on for the groups below this one. */
  static void enable(Path directory, Set<Controller> controllers) throws IOException {
    for (var controller : controllers) {
      Files.writeString(directory.resolve("cgroup.subtree_control"), "+" + controller.word());
    }
  }

  /** Moves the service, what it was started by and what it has started, if that is all there is. */
  private boolean moveDown() throws IOException {
    var here = processes();
    if (!ours().containsAll(here)) {
      return false;
    }
    var service = directory.resolve(SERVICE);
    if (!Files.isDirectory(service)) {
      Files.createDirectory(service);
    }
    for (long pid : here) {
      Files.writeString(service.resolve("cgroup.procs"), Long.toString(pid));
    }
    return true;
  }

  private Set<Long> processes() throws IOException {
    var found = new HashSet<Long>();
    for (var line : Files.readAllLines(directory.resolve("cgroup.procs"))) {
      found.add(Long.valueOf(line));
    }
    return found;
  }

  private static Set<Long> ours() {
    var ours = new HashSet<Long>();
    var self = ProcessHandle.current();
    self.descendants().forEach(process -> ours.add(process.pid()));
    for (var at = Optional.of(self); at.isPresent(); at = at.get().parent()) {
      ours.add(at.get().pid());
    }
    return ours;
  }

  private Set<Controller> in(String file) {
    var found = EnumSet.noneOf(Controller.class);
    var text = Proc.text(directory.resolve(file).toString());
    if (text != null) {
      var words = List.of(BLANK.split(text.strip(), -1));
      for (var controller : Controller.values()) {
        if (words.contains(controller.word())) {
          found.add(controller);
        }
      }
    }
    return found;
  }
}

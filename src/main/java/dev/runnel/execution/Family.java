package dev.runnel.execution;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the living processes of a run. The JVM is their subreaper, so whatever has left the
 * leader's tree is an orphan among the JVM's own children.
 */
final class Family {

  /**
   * What one look at the processes saw.
   *
   * @param certain whether nothing can have slipped past; if not, look again
   */
  record Sighting(Collection<ProcessStat> living, boolean certain) {}

  private final Lineage lineage;
  private final ProcessStat self;

  Family(Lineage lineage) {
    this.lineage = lineage;
    this.self = Proc.stat(ProcessHandle.current().pid()).orElseThrow();
  }

  /**
   * What is known to be a run's: leader, descendants, orphans of its session or with its mark.
   *
   * @param enough where to stop looking
   */
  Collection<ProcessStat> known(Leader leader, int enough) {
    var found = new LinkedHashMap<Long, ProcessStat>();
    gather(leader, found, false, enough, process -> {});
    return found.values();
  }

  /**
   * The same, for who looks at many runs at a time, and orphans without any sign that no other run
   * can have started.
   *
   * @param orphans what {@link #orphans} has just said
   */
  Collection<ProcessStat> known(Leader leader, Collection<ProcessStat> orphans, int enough) {
    var found = new LinkedHashMap<Long, ProcessStat>();
    gatherOwn(leader, found, enough, process -> {});
    for (var orphan : orphans) {
      if (orphan.isAlive()
          && found.size() < enough
          && (belongs(orphan, leader, false) || isOnlyDoingOf(leader, orphan))) {
        gather(orphan, found, enough, process -> {});
      }
    }
    return found.values();
  }

  /**
   * The same and orphans that bear no sign of any run and were started after this one.
   *
   * @param first told of each process before its children are read
   */
  Sighting all(Leader leader, Consumer<ProcessStat> first) {
    var found = new LinkedHashMap<Long, ProcessStat>();
    boolean certain = gather(leader, found, true, Integer.MAX_VALUE, first);
    return new Sighting(found.values(), certain);
  }

  /** Whether no orphan died meanwhile: its children may then have come to us behind our back. */
  private boolean gather(
      Leader leader,
      Map<Long, ProcessStat> found,
      boolean strays,
      int enough,
      Consumer<ProcessStat> first) {
    gatherOwn(leader, found, enough, first);
    boolean certain = true;
    for (long pid : children(Set.of(leader.parent()))) {
      if (found.size() >= enough) {
        return false;
      }
      if (lineage.isUnreapedLeader(pid)) {
        continue;
      }
      var child = Proc.stat(pid).filter(stat -> stat.parent() == self.pid());
      if (child.isEmpty()) {
        certain = false;
      } else if (isOrphan(child.get())) {
        certain &= child.get().isAlive();
        if (child.get().isAlive() && belongs(child.get(), leader, strays)) {
          gather(child.get(), found, enough, first);
        }
      }
    }
    return certain;
  }

  private void gatherOwn(
      Leader leader, Map<Long, ProcessStat> found, int enough, Consumer<ProcessStat> first) {
    Proc.stat(leader.id().pid())
        .filter(stat -> stat.id().equals(leader.id()))
        .ifPresent(stat -> gather(stat, found, enough, first));
  }

  /** The JVM's children that are neither leaders nor helpers. */
  Collection<ProcessStat> orphans() {
    return orphans(lineage.parents());
  }

  /** Those of them among which all that this run has left is. */
  Collection<ProcessStat> orphans(Leader leader) {
    return orphans(Set.of(leader.parent()));
  }

  private Collection<ProcessStat> orphans(Set<Long> parents) {
    return children(parents).stream()
        .filter(pid -> !lineage.isUnreapedLeader(pid))
        .map(Proc::stat)
        .flatMap(Optional::stream)
        .filter(child -> child.parent() == self.pid())
        .filter(this::isOrphan)
        .toList();
  }

  /**
   * The children of these threads and of the JVM's first one. To that the kernel hands an orphan,
   * and whatever another thread leaves; in a JVM it lives as long as the process.
   */
  private Set<Long> children(Set<Long> parents) {
    var found = new LinkedHashSet<Long>();
    for (long thread : parents) {
      if (thread != self.pid()) {
        found.addAll(Proc.childrenOfThread(self.pid(), thread));
      }
    }
    found.addAll(Proc.childrenOfThread(self.pid(), self.pid()));
    return found;
  }

  /**
   * Whether every child that can have come from this run, whose leader has been reaped, is the
   * leader of another one or a helper: then nothing is left of it.
   */
  boolean hasNoOrphans(Leader leader) {
    return children(Set.of(leader.parent())).stream()
        .allMatch(pid -> lineage.isUnreapedLeader(pid) || lineage.isProtected(pid));
  }

  private boolean isOrphan(ProcessStat child) {
    return child.session() != self.session()
        && !lineage.isProtected(child.pid())
        && !lineage.isProtected(child.session())
        && !lineage.isLeader(child.id());
  }

  private boolean belongs(ProcessStat orphan, Leader leader, boolean strays) {
    var owner = lineage.ofSession(orphan.session());
    if (owner != null) {
      return owner.equals(leader);
    }
    var mark = Proc.variable(orphan.pid(), Launch.RUN_ID);
    if (mark != null && mark.equals(leader.runId())) {
      return true;
    }
    if (!strays || orphan.id().startTime() < leader.since()) {
      return false;
    }
    lineage.settle();
    return !lineage.isLeader(orphan.id())
        && !lineage.isProtected(orphan.pid())
        && (mark == null || !lineage.isActive(mark));
  }

  private boolean isOnlyDoingOf(Leader leader, ProcessStat orphan) {
    return lineage.isAloneSince(leader, orphan.id().startTime()) && belongs(orphan, leader, true);
  }

  private void gather(
      ProcessStat root, Map<Long, ProcessStat> found, int enough, Consumer<ProcessStat> first) {
    var open = new ArrayDeque<ProcessStat>();
    open.add(root);
    while (!open.isEmpty() && found.size() < enough) {
      var next = open.remove();
      if (!next.isAlive()
          || lineage.isProtected(next.pid())
          || found.putIfAbsent(next.pid(), next) != null) {
        continue;
      }
      first.accept(next);
      for (long child : Proc.children(next.pid())) {
        Proc.stat(child).ifPresent(open::add);
      }
    }
  }
}

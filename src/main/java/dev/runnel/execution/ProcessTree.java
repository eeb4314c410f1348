package dev.runnel.execution;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of runs, whatever they did to get out of sight. Every method reads {@code /proc}
 * and blocks for a fraction of a millisecond, {@link #kill} and {@link #recover} until the killed
 * are gone: not for event loops.
 */
final class ProcessTree {
  private final Lineage lineage;
  private final Family family;
  private final long pageSize = Native.pageSize();

  private ProcessTree(Lineage lineage) {
    this.lineage = lineage;
    this.family = new Family(lineage);
  }

  /**
   * Makes this JVM the parent of every orphan among its descendants.
   *
   * @throws IllegalStateException when the kernel refuses
   */
  static ProcessTree ofThisJvm() {
    int refused = Native.becomeSubreaper();
    if (refused < 0) {
      throw new IllegalStateException("PR_SET_CHILD_SUBREAPER failed with error " + -refused);
    }
    return new ProcessTree(Lineage.ofThisJvm());
  }

  /**
   * Sends SIGTERM to every process that is known to be the run's, also to stopped ones.
   *
   * @return how many there were
   */
  int terminate(ProcessId leader) {
    int sent = 0;
    for (var process : known(leader, Integer.MAX_VALUE)) {
      if (Cull.signal(process.id(), Native.SIGTERM)) {
        Cull.signal(process.id(), Native.SIGCONT);
        sent++;
      }
    }
    return sent;
  }

  /**
   * Kills what is left of a run and forgets the run: its session, all descendants, orphans with its
   * mark, and orphans without any mark that it could have started. When it returns they are gone.
   *
   * @return how many processes were killed
   */
  int kill(ProcessId leader) {
    var known = lineage.leader(leader);
    if (known.isEmpty()) {
      return 0;
    }
    var killed =
        Cull.kill(first -> family.all(known.get(), first), () -> reap(family.orphans(known.get())));
    lineage.ended(known.get());
    return killed.size();
  }

  /**
   * Whether nothing can be left of a run whose leader has been reaped; one short look. False when
   * that is not certain.
   */
  boolean hasNoOrphans(ProcessId leader) {
    return lineage.leader(leader).filter(family::hasNoOrphans).isPresent();
  }

  /** Forgets a run of which nothing is left. */
  void ended(ProcessId leader) {
    lineage.leader(leader).ifPresent(lineage::ended);
  }

  /**
   * How many processes a run has at this moment. A script that forks without end may have thousands
   * and leave little time to count them.
   *
   * @param enough where to stop counting
   */
  int processes(ProcessId leader, int enough) {
    return known(leader, enough).size();
  }

  /** Resident bytes of a run's processes; what several of them share counts several times. */
  long residentBytes(ProcessId leader) {
    return known(leader, Integer.MAX_VALUE).stream()
        .mapToLong(process -> process.residentPages() * pageSize)
        .sum();
  }

  /**
   * Bytes a run's processes hold, what they share counted once. The kernel walks all their memory
   * for it (a millisecond per gigabyte), so ask only when {@link #residentBytes} is over a limit.
   */
  long proportionalBytes(ProcessId leader) {
    return known(leader, Integer.MAX_VALUE).stream()
        .mapToLong(process ->
            Proc.proportionalBytes(process.pid()).orElse(process.residentPages() * pageSize))
        .sum();
  }

  /** The orphans of all runs, for {@link #use}: they are looked up once for many runs. */
  Collection<ProcessStat> orphans() {
    return family.orphans();
  }

  /**
   * What a run uses at this moment.
   *
   * @param orphans what {@link #orphans} has just said
   * @param enough how many processes to look at; more only matter to whoever counts them
   */
  Use use(ProcessId leader, Collection<ProcessStat> orphans, int enough) {
    long tasks = 0;
    long pages = 0;
    long ticks = 0;
    int processes = 0;
    var known = lineage.leader(leader);
    if (known.isPresent()) {
      for (var process : family.known(known.get(), orphans, enough)) {
        tasks += process.threads();
        pages += process.residentPages();
        ticks += process.cpuTicks();
        processes++;
      }
    }
    return new Use(tasks, processes, pages * pageSize, Duration.ofMillis(10 * ticks));
  }

  /**
   * What a run uses.
   *
   * @param tasks processes and threads
   * @param residentBytes what several processes share counts several times
   * @param cpu of those that live, and of those they have waited for
   */
  record Use(long tasks, int processes, long residentBytes, Duration cpu) {
    static final Use NOTHING = new Use(0, 0, 0, Duration.ZERO);
  }

  /**
   * Buries orphans that have ended; {@link #kill} does so too, but while a long run is the only one
   * nobody else would.
   */
  void reapOrphans() {
    reap(family.orphans());
  }

  private void reap(Collection<ProcessStat> orphans) {
    var dead = orphans.stream().filter(ProcessStat::isZombie).toList();
    if (!dead.isEmpty()) {
      lineage.settle();
      bury(dead);
    }
  }

  /** Between the look and the burial nobody else may bury one and free its number. */
  private synchronized void bury(Collection<ProcessStat> dead) {
    for (var orphan : dead) {
      if (!lineage.isLeader(orphan.id()) && !lineage.isProtected(orphan.pid())) {
        Proc.stat(orphan.pid())
            .filter(stat -> stat.id().equals(orphan.id()) && stat.isZombie())
            .ifPresent(stat -> Native.reap(stat.pid()));
      }
    }
  }

  /**
   * Kills what runs of an earlier life of the service have left behind: members of their sessions,
   * processes with their mark, and the descendants of both. Nothing below this JVM is touched.
   *
   * @return how many processes of each run were killed, by run id
   */
  Map<String, Integer> recover(Collection<Remains> remains) {
    if (remains.isEmpty()) {
      return Map.of();
    }
    var traces = new Traces(remains, Proc.bootId(), ProcessHandle.current().pid());
    return traces.byRun(Cull.kill(traces::look, () -> {}));
  }

  private Collection<ProcessStat> known(ProcessId leader, int enough) {
    Optional<Leader> known = lineage.leader(leader);
    return known.isEmpty() ? Collections.emptyList() : family.known(known.get(), enough);
  }
}

package dev.runnel.execution;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals and kills by identity: a pid that has come to mean another process is left alone. */
final class Cull {
  private static final Logger LOG = LoggerFactory.getLogger(Cull.class);

  /** Death by SIGKILL takes milliseconds; what is stuck in the kernel longer must not hold us. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long OWN_GROUP =
      Proc.stat(ProcessHandle.current().pid()).orElseThrow().group();

  private static final long FIRST_PAUSE = 200_000;
  private static final long LONGEST_PAUSE = 10_000_000;

  private Cull() {}

  /** Whether the signal was sent to this very process, still alive. */
  static boolean signal(ProcessId id, int number) {
    int pidfd = Native.pidfd(id.pid());
    if (pidfd < 0) {
      return isAlive(id) && Native.kill(id.pid(), number) == 0;
    }
    try {
      return isAlive(id) && Native.signalByPidfd(pidfd, number) == 0;
    } finally {
      Native.close(pidfd);
    }
  }

  private static boolean isAlive(ProcessId id) {
    return Proc.stat(id.pid()).filter(s -> s.id().equals(id) && s.isAlive()).isPresent();
  }

  /** Reads anew what is to be killed, telling of each process before it looks at its children. */
  interface Search {
    Family.Sighting look(Consumer<ProcessStat> first);
  }

  /**
   * Stops, then kills, until nothing is found any more, however long a script keeps forking. Only
   * processes that hang in the kernel are left behind: SIGKILL awaits them there.
   *
   * @param reap buries the dead that are this JVM's to bury
   * @return the processes that were killed
   */
  static Set<ProcessId> kill(Search search, Runnable reap) {
    Set<ProcessId> killed = new HashSet<>();
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    long pause = FIRST_PAUSE;
    int before = -1;
    while (true) {
      var seen = stopAll(search);
      var found = seen.living();
      for (var process : found) {
        if (signal(process.id(), Native.SIGKILL)) {
          killed.add(process.id());
        }
      }
      reap.run();
      if (found.isEmpty() && seen.certain()) {
        return killed;
      }
      if (killed.size() > before) {
        before = killed.size();
        giveUp = System.nanoTime() + PATIENCE.toNanos();
        pause = FIRST_PAUSE;
      } else if (System.nanoTime() > giveUp) {
        LOG.warn("{} processes hang in the kernel: {}", found.size(), found);
        return killed;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** Stopped processes start no others, so their children are read after they were stopped. */
  private static Family.Sighting stopAll(Search search) {
    Set<ProcessId> stopped = new HashSet<>();
    Set<Long> groups = new HashSet<>(Set.of(OWN_GROUP));
    while (true) {
      int before = stopped.size();
      var found =
          search.look(process -> {
            if (stopped.add(process.id())) {
              stop(process, groups);
            }
          });
      if (stopped.size() == before) {
        return found;
      }
    }
  }

  /**
   * Stops a process and, in one step that no fork escapes, its whole group: against a script that
   * forks without end one at a time is too slow. The stopped member keeps the group's number from
   * meaning another one.
   */
  private static void stop(ProcessStat process, Set<Long> groups) {
    if (signal(process.id(), Native.SIGSTOP) && groups.add(process.group())) {
      Native.kill(-process.group(), Native.SIGSTOP);
    }
  }
}

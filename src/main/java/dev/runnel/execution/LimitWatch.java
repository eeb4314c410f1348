package dev.runnel.execution;

import dev.runnel.execution.ProcessTree.Use;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the active runs use, as far as the kernel does not do it. A thread of its own, so
 * that a host in trouble does not keep it waiting behind other work.
 *
 * <p>Every tick reads {@link HostLoad}, two small files. A run is looked at when that has changed
 * by what it had left, and now and then in any case: a tenth of a second after its start, then less
 * and less often, at least once a second. A run shorter than a tick is not looked at at all.
 */
final class LimitWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);

  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** How long it goes on ticking when nothing is watched: being woken would cost each start. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(2);

  /** Looking may take a tenth of a core, but it never rests longer than this. */
  private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(250);

  private final ProcessTree tree;
  private final Map<ProcessId, Watched> runs = new ConcurrentHashMap<>();
  private final OomKills oomKills = new OomKills();
  private final Thread thread;
  private HostLoad host = HostLoad.read();
  private long restUntil = System.nanoTime();
  private volatile boolean asleep;
  private volatile boolean closed;

  LimitWatch(ProcessTree tree) {
    this.tree = tree;
    this.thread = Thread.ofPlatform().name("runnel-limits").daemon().start(this::loop);
  }

  /**
   * Begins to count.
   *
   * @param group counts what it can; null when the run has none
   * @param over told once, on the watch's thread; counting ends with it
   */
  void add(ProcessId leader, RunLimits limits, @Nullable RunCgroup group, Consumer<Breach> over) {
    if (!limits.needCounting() && group == null) {
      return;
    }
    runs.put(leader, new Watched(leader, limits, group, over, System.nanoTime(), host));
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the counting, with a last look at what the kernel has counted. */
  void remove(ProcessId leader) {
    var run = runs.remove(leader);
    if (run != null) {
      run.last();
    }
  }

  /** Whether the kernel ended some process within the last second because memory ran out. */
  boolean sawOutOfMemory() {
    return oomKills.recently();
  }

  private void loop() {
    long lastSeen = System.nanoTime();
    long lastStep = lastSeen;
    while (!closed) {
      long now = System.nanoTime();
      if (!runs.isEmpty()) {
        lastSeen = now;
        round(now);
      }
      if (now - lastStep > SECOND) {
        lastStep = now;
        oomKills.step();
      }
      if (now - lastSeen > LINGER) {
        sleep();
        oomKills.forget();
      } else {
        LockSupport.parkNanos(TICK);
      }
    }
  }

  private void sleep() {
    asleep = true;
    if (runs.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void round(long now) {
    var load = HostLoad.read();
    host = load;
    if (now - restUntil < 0) {
      return;
    }
    var due = runs.values().stream().filter(run -> run.isDue(now, load)).toList();
    if (due.isEmpty()) {
      return;
    }
    try {
      var orphans = tree.orphans();
      for (var run : due) {
        look(run, run.use(tree, orphans), load);
      }
    } catch (RuntimeException failure) {
      LOG.error("Counting what runs use failed", failure);
    }
    long end = System.nanoTime();
    restUntil = end + Math.min(LONGEST_REST, 9 * (end - now));
  }

  private void look(Watched run, Use use, HostLoad load) {
    var breach = run.breach(use, tree);
    if (breach == null) {
      run.seen(use, load, System.nanoTime());
    } else if (runs.remove(run.leader(), run)) {
      run.over(breach);
    }
  }

  /** The processor time a run may have after which nobody else would end it. */
  static Duration withGrace(Duration cpu) {
    // From a second on the kernel's own signal comes first, which a script can handle.
    return cpu.toSeconds() > 0 ? cpu.plusMillis(500) : cpu;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}

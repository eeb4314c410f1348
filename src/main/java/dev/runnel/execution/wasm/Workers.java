package dev.runnel.execution.wasm;

import dev.runnel.config.WasmOptions;
import dev.runnel.execution.Job;
import dev.runnel.worker.wasm.Order;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a node, each of which serves one job at a time: a module that cannot be
 * interrupted is ended with its worker, and nobody else's job with it. There is one for each core;
 * one more is started when a job has waited for a while, so that long ones do not keep short ones
 * from running.
 */
final class Workers {
  private static final String STOPPING = "the service is stopping";
  private static final long LONGEST_WAIT_MILLIS = 300;

  /** Starts a worker with these arguments for the JVM. */
  interface Spawn {
    Process start(List<String> arguments) throws IOException;
  }

  private final WasmOptions options;
  private final List<String> arguments;
  private final int usual;
  private final Deque<WasmJob> waiting = new ArrayDeque<>();

  /** The one used last is the last: the others get a chance to be idle for long. */
  private final Deque<Worker> idle = new ArrayDeque<>();

  private final Set<Worker> alive = new HashSet<>();
  private int starting;
  private boolean closed;

  Workers(WasmOptions options) {
    this.options = options;
    this.arguments = WorkerJvm.arguments(options);
    this.usual = Math.min(options.mostWorkers(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Has the order carried out as soon as a worker is free.
   *
   * @param spawn starts another one
   */
  Job.Running submit(Order order, Job.Heard heard, Spawn spawn) {
    var job = new WasmJob(this, order, heard, spawn);
    place(job, waiting::addLast);
    return job;
  }

  /** A worker was gone before it began this job: it is the next. */
  void again(WasmJob job) {
    place(job, waiting::addFirst);
  }

  private void place(WasmJob job, Consumer<WasmJob> queue) {
    Worker free;
    boolean more;
    synchronized (this) {
      free = closed ? null : idle.pollLast();
      if (free != null && !job.servedBy(free)) {
        idle.addLast(free); // nobody wants the job any more
        return;
      }
      more = !closed && free == null && mayStart(usual);
      if (more) {
        starting++;
      } else if (!closed && free == null) {
        queue.accept(job);
      }
    }
    if (free != null) {
      free.serve(job);
    } else if (more) {
      start(job);
    } else if (isClosed()) {
      job.failed(STOPPING);
    } else {
      later(LONGEST_WAIT_MILLIS, () -> waitedLong(job));
    }
  }

  private boolean mayStart(int most) {
    return alive.size() + starting < most;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void waitedLong(WasmJob job) {
    synchronized (this) {
      if (closed || !mayStart(options.mostWorkers()) || !waiting.remove(job)) {
        return;
      }
      starting++;
    }
    start(job);
  }

  /** Starts a worker that was counted as starting, for a job that nobody serves yet. */
  private void start(WasmJob job) {
    Worker worker;
    try {
      worker = new Worker(job.spawn().start(arguments), this);
    } catch (IOException | RuntimeException failure) {
      synchronized (this) {
        starting--;
      }
      job.failed("the runtime could not be started: " + failure.getMessage());
      return;
    }
    boolean wanted;
    synchronized (this) {
      starting--;
      alive.add(worker);
      wanted = !closed && job.servedBy(worker);
    }
    worker.listen();
    if (wanted) {
      worker.serve(job);
    } else {
      free(worker);
      job.failed(STOPPING);
    }
  }

  /** The worker has nothing to do. */
  void free(Worker worker) {
    WasmJob next;
    boolean first = false;
    synchronized (this) {
      if (!alive.contains(worker)) {
        return;
      }
      if (closed) {
        worker.kill();
        return;
      }
      next = next(worker);
      if (next == null) {
        first = worker.restsSince(System.nanoTime());
        idle.addLast(worker);
      }
    }
    if (next != null) {
      worker.serve(next);
    } else if (first) {
      later(options.idle().toMillis(), () -> retire(worker));
    }
  }

  private @Nullable WasmJob next(Worker worker) {
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      if (next.servedBy(worker)) {
        return next;
      }
    }
    return null;
  }

  /** Looks again and again until it has had no work for long: one timer for all its jobs. */
  private void retire(Worker worker) {
    long left;
    synchronized (this) {
      if (!alive.contains(worker)) {
        return;
      }
      var resting = idle.contains(worker) ? System.nanoTime() - worker.restsSince() : 0;
      left = options.idle().toMillis() - TimeUnit.NANOSECONDS.toMillis(resting);
      if (left <= 0) {
        idle.remove(worker);
      }
    }
    if (left <= 0) {
      worker.kill();
    } else {
      later(left, () -> retire(worker));
    }
  }

  /** The worker's process has ended. */
  void gone(Worker worker) {
    WasmJob next;
    synchronized (this) {
      alive.remove(worker);
      idle.remove(worker);
      next = closed ? null : waiting.poll();
      if (next != null) {
        starting++;
      }
    }
    if (next != null) {
      start(next);
    }
  }

  /** The job will not be served; it need not wait any longer. */
  synchronized void withdraw(WasmJob job) {
    waiting.remove(job);
  }

  /** Ends all of them; jobs that still run are ended with them. */
  void close() {
    List<Worker> all;
    List<WasmJob> left;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(alive);
      left = new ArrayList<>(waiting);
      waiting.clear();
    }
    all.forEach(Worker::kill);
    left.forEach(job -> job.failed(STOPPING));
  }

  private static void later(long millis, Runnable action) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(action);
  }
}

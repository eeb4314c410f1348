package dev.runnel.execution.wasm;

import dev.runnel.execution.Job;
import dev.runnel.run.Output;
import dev.runnel.worker.wasm.Order;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One run of a module: waits for a worker, is served by it, ends once. */
final class WasmJob implements Job.Running {
  static final int FAILED = 1;
  private static final int MOST_TRIES = 3;

  private final Workers workers;
  private final Order order;
  private final Job.Heard heard;
  private final Workers.Spawn spawn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flows = lock.newCondition();
  private @Nullable Worker worker;
  private boolean begun;
  private boolean paused;
  private boolean ended;
  private int killed;
  private int tries;

  WasmJob(Workers workers, Order order, Job.Heard heard, Workers.Spawn spawn) {
    this.workers = workers;
    this.order = order;
    this.heard = heard;
    this.spawn = spawn;
  }

  Order order() {
    return order;
  }

  Workers.Spawn spawn() {
    return spawn;
  }

  /** A worker takes it; false when there is nothing to serve any more. */
  boolean servedBy(Worker server) {
    lock.lock();
    try {
      if (ended || killed != 0) {
        return false;
      }
      worker = server;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The worker that took it carries it out. */
  void begins() {
    lock.lock();
    try {
      begun = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The worker that took it is gone. False when it had begun, when nobody wants it any more, and
   * when there have been enough of those workers.
   */
  boolean mayTryAgain() {
    lock.lock();
    try {
      if (begun || killed != 0) {
        return false;
      }
      worker = null;
      return ++tries < MOST_TRIES;
    } finally {
      lock.unlock();
    }
  }

  /** On the worker's thread; waits while the run takes no more output. */
  void printed(Output stream, byte[] bytes) throws InterruptedException {
    lock.lock();
    try {
      while (paused && killed == 0) {
        flows.await();
      }
    } finally {
      lock.unlock();
    }
    heard.output(stream, bytes);
  }

  Job.Heard heard() {
    return heard;
  }

  /** How a job ended, before anybody was told. */
  record End(boolean first, boolean wasKilled, int code) {}

  /**
   * It has ended, by itself or with its worker; from now on no kill can hit that worker.
   *
   * @param code unless it was killed, which has a code of its own
   */
  End ends(int code) {
    lock.lock();
    try {
      var first = !ended;
      ended = true;
      worker = null;
      return new End(first, killed != 0, killed == 0 ? code : killed);
    } finally {
      lock.unlock();
    }
  }

  /** Tells whoever hears it, unless they were told before. */
  void told(End end, @Nullable Duration cpu) {
    if (end.first()) {
      heard.ended(end.code(), cpu);
    }
  }

  /** It could not be served. */
  void failed(String message) {
    failed(FAILED, message);
  }

  /** It was not served to its end; whoever killed it need not be told why. */
  void failed(int code, String message) {
    var end = ends(code);
    if (end.first() && !end.wasKilled()) {
      complain(message);
    }
    told(end, null);
  }

  /** A line of ours among the module's error output. */
  private void complain(String message) {
    heard.output(Output.STDERR, ("wasm: " + message + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void pause() {
    lock.lock();
    try {
      paused = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resume() {
    lock.lock();
    try {
      paused = false;
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock until the worker is dying: it must not be serving the next one by then. */
  @Override
  public boolean kill(int code) {
    lock.lock();
    try {
      if (ended || killed != 0) {
        return false;
      }
      killed = code;
      flows.signalAll();
      if (worker != null) {
        worker.kill();
        return true;
      }
    } finally {
      lock.unlock();
    }
    workers.withdraw(this);
    told(ends(code), null);
    return false;
  }
}

package dev.runnel.execution;

import dev.runnel.run.Output;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child whose pipes and end a {@link Reactor} watches; all its state belongs to that thread. */
final class NativeChild implements Child {
  private static final Logger LOG = LoggerFactory.getLogger(NativeChild.class);
  private static final long TRACED_REST_MS = 50;

  private final ProcessId id;
  private final int pidfd;
  private final Reactor reactor;
  private final ChildListener listener;
  private final Consumer<NativeChild> gone;
  private final OutputPipe stdout;
  private final OutputPipe stderr;
  private volatile @Nullable Feed feed;
  private final Object reaping = new Object();
  private final BooleanSupplier nothingIsLeft;
  private boolean reaped;
  private boolean abandoned;
  private volatile boolean alone;

  /**
   * Takes the descriptors over.
   *
   * @param gone told once nothing of this child is open any more
   * @param nothingIsLeft asked when it has been reaped, on the reactor's thread
   */
  NativeChild(
      ProcessId id,
      int pidfd,
      int stdout,
      int stderr,
      Reactor reactor,
      ChildListener listener,
      Consumer<NativeChild> gone,
      BooleanSupplier nothingIsLeft) {
    this.id = id;
    this.pidfd = pidfd;
    this.reactor = reactor;
    this.listener = listener;
    this.gone = gone;
    this.nothingIsLeft = nothingIsLeft;
    this.stdout = new OutputPipe(stdout, Output.STDOUT);
    this.stderr = new OutputPipe(stderr, Output.STDERR);
  }

  /** Begins to watch; below zero when the kernel refuses: then it has to be abandoned. */
  int watch() {
    int result = stdout.watch();
    result = result < 0 ? result : stderr.watch();
    return result < 0 ? result : reactor.watch(pidfd, Native.EPOLLIN, this::ended);
  }

  /**
   * Begins to write into a pipe that it reads, and takes that over; below zero when the kernel
   * refuses.
   */
  int feed(int pipe, byte[] bytes) {
    var writing = new Feed(pipe, bytes, reactor);
    int refused = writing.watch();
    if (refused < 0) {
      Native.close(pipe);
    } else {
      feed = writing;
    }
    return refused;
  }

  /** Whether it has been reaped. */
  boolean hasEnded() {
    synchronized (reaping) {
      return reaped;
    }
  }

  /** Kills it with all that is in its process group. */
  void killSession() {
    synchronized (reaping) {
      if (!reaped) {
        Native.kill(-id.pid(), Native.SIGKILL);
      }
    }
  }

  private void ended() {
    ExitStatus status;
    synchronized (reaping) {
      if (reaped) {
        return;
      }
      status = Native.reap(id.pid());
      if (status == null) {
        lookAgain();
        return;
      }
      reaped = true;
    }
    Lineage.ofThisJvm().reaped(id);
    alone = nothingIsLeft.getAsBoolean();
    reactor.unwatch(pidfd);
    Native.close(pidfd);
    forgetIfGone();
    listener.exited(status);
  }

  /**
   * While another process traces it, its end is that one's to take first, though the descriptor is
   * ready: waiting for that without a rest would keep the reactor busy.
   */
  private void lookAgain() {
    reactor.unwatch(pidfd);
    CompletableFuture.delayedExecutor(TRACED_REST_MS, TimeUnit.MILLISECONDS)
        .execute(() -> reactor.run(this::watchEnd));
  }

  private void watchEnd() {
    synchronized (reaping) {
      if (!reaped && !abandoned) {
        int refused = reactor.watch(pidfd, Native.EPOLLIN, this::ended);
        if (refused < 0) {
          LOG.error("Waiting for process {} failed with error {}", id, -refused);
        }
      }
    }
  }

  private void forgetIfGone() {
    if (reaped && !stdout.open && !stderr.open) {
      gone.accept(this);
    }
  }

  /** Closes every descriptor without a word to the listener; on the reactor's thread. */
  void abandon() {
    var writing = feed;
    if (writing != null) {
      writing.close();
    }
    stdout.release();
    stderr.release();
    synchronized (reaping) {
      abandoned = true;
      if (!reaped) {
        reactor.unwatch(pidfd);
        Native.close(pidfd);
      }
    }
  }

  @Override
  public ProcessId id() {
    return id;
  }

  @Override
  public boolean leftNothing() {
    return alone;
  }

  @Override
  public void pause() {
    reactor.run(() -> {
      stdout.pause();
      stderr.pause();
    });
  }

  @Override
  public void resume() {
    reactor.run(() -> {
      stdout.resume();
      stderr.resume();
    });
  }

  @Override
  public void signal(int number) {
    synchronized (reaping) {
      if (!reaped) {
        Native.kill(id.pid(), number);
      }
    }
  }

  @Override
  public void closeOutput() {
    if (stdout.open || stderr.open) {
      reactor.run(() -> {
        stdout.finish();
        stderr.finish();
      });
    }
  }

  /** The reading end of one stream. */
  private final class OutputPipe {
    private final int descriptor;
    private final Output stream;
    private volatile boolean open = true;
    private boolean paused;

    OutputPipe(int descriptor, Output stream) {
      this.descriptor = descriptor;
      this.stream = stream;
    }

    int watch() {
      return reactor.watch(descriptor, Native.EPOLLIN, this::ready);
    }

    void ready() {
      if (!open || paused) {
        return;
      }
      long count = Native.read(descriptor, reactor.buffer());
      if (count > 0) {
        listener.output(stream, ReadBuffers.of(reactor.buffer().asSlice(0, count)), (int) count);
      } else if (count != -Errno.EAGAIN && count != -Errno.EINTR) {
        finish();
      }
    }

    /** Out of the set, not just without events: a closed pipe reports itself in any case. */
    void pause() {
      if (open && !paused) {
        paused = true;
        reactor.unwatch(descriptor);
      }
    }

    void resume() {
      if (open && paused) {
        paused = false;
        int refused = watch();
        if (refused < 0) {
          LOG.error("Reading {} of process {} failed with error {}", stream, id, -refused);
          finish();
        }
      }
    }

    void finish() {
      if (open) {
        release();
        forgetIfGone();
        listener.closed(stream);
      }
    }

    void release() {
      if (open) {
        open = false;
        reactor.unwatch(descriptor);
        Native.close(descriptor);
      }
    }
  }
}

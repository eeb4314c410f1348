package dev.runnel.execution;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Starts processes with posix_spawn; one thread reads all of them. */
final class NativeLauncher implements Launcher {
  private final Lineage lineage = Lineage.ofThisJvm();
  private final Set<NativeChild> children = ConcurrentHashMap.newKeySet();
  private final ProcessTree tree;
  private final @Nullable RunAs runAs;
  private final Reactor reactor;
  private final ExecutorService starters;
  private final int devNull;

  /**
   * @param tree where what it starts will be ended
   * @param runAs the user scripts run as; null for the service's own
   * @throws IllegalStateException where {@link Native#unsupported} has a reason
   */
  NativeLauncher(ProcessTree tree, @Nullable RunAs runAs) {
    Native.unsupported()
        .ifPresent(why -> {
          throw new IllegalStateException("No native starts here: " + why);
        });
    this.tree = tree;
    this.runAs = runAs;
    this.devNull = nullBeyondStandardStreams();
    this.reactor = new Reactor("runnel-children");
    this.starters =
        Executors.newFixedThreadPool(
            2 * Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("runnel-start-", 0).daemon().factory());
  }

  /** A service started without 0, 1 or 2 gets them here, lest a pipe takes their place. */
  private static int nullBeyondStandardStreams() {
    int descriptor;
    do {
      descriptor = Native.openNull();
    } while (descriptor >= 0 && descriptor < 3);
    if (descriptor < 0) {
      throw new IllegalStateException("/dev/null: error " + -descriptor);
    }
    return descriptor;
  }

  /** The kernel suspends the starting thread until exec: it must not be a carrier of others. */
  @Override
  public Child start(Launch launch, ChildListener listener) throws StartFailed {
    if (!Thread.currentThread().isVirtual()) {
      return startHere(launch, listener);
    }
    var started = new CompletableFuture<Child>();
    starters.execute(() -> {
      try {
        started.complete(startHere(launch, listener));
      } catch (StartFailed | RuntimeException e) {
        started.completeExceptionally(e);
      }
    });
    try {
      return started.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartFailed failed) {
        throw failed;
      }
      throw e;
    }
  }

  private Child startHere(Launch launch, ChildListener listener) throws StartFailed {
    var program = Executable.find(launch);
    try (var pipes = new Pipes(launch)) {
      int[] stdout = pipes.pipe();
      int[] stderr = pipes.pipe();
      pipes.checked(Native.setNonBlocking(stdout[0]));
      pipes.checked(Native.setNonBlocking(stderr[0]));
      byte[] bytes = launch.stdin();
      int[] stdin = bytes == null ? new int[] {devNull} : pipes.pipe();
      var id = spawn(launch, program, stdin[0], stdout[1], stderr[1]);
      try {
        int pidfd = pipes.add(Native.pidfd(id.pid()));
        Rlimits.apply(id.pid(), launch.limits());
        Feed feed = null;
        if (bytes != null) {
          pipes.checked(Native.setNonBlocking(stdin[1]));
          feed = new Feed(pipes.handOn(stdin[1]), bytes, reactor);
        }
        var child =
            new NativeChild(
                id,
                pipes.handOn(pidfd),
                pipes.handOn(stdout[0]),
                pipes.handOn(stderr[0]),
                feed,
                reactor,
                listener,
                children::remove,
                () -> tree.hasNoOrphans(id));
        watch(child, launch);
        return child;
      } catch (StartFailed e) {
        undo(id);
        throw e;
      }
    }
  }

  private void watch(NativeChild child, Launch launch) throws StartFailed {
    children.add(child);
    int result = child.watch();
    if (result < 0) {
      children.remove(child);
      reactor.run(child::abandon);
      throw StartFailed.because(-result, launch);
    }
  }

  private void undo(ProcessId id) {
    tree.kill(id);
    while (Native.reap(id.pid()) == null) {
      Thread.onSpinWait();
    }
    lineage.reaped(id);
  }

  private ProcessId spawn(Launch launch, String program, int stdin, int stdout, int stderr)
      throws StartFailed {
    var argv = runAs == null ? launch.argv() : runAs.argv(program, launch);
    var executable = runAs == null ? program : argv.getFirst();
    var birth = lineage.birth();
    birth.lock();
    try {
      long pid =
          Native.spawn(
              executable,
              argv,
              launch.environment(),
              launch.workingDirectory().toString(),
              stdin,
              stdout,
              stderr);
      if (pid < 0) {
        throw StartFailed.because((int) -pid, launch);
      }
      var id = Proc.stat(pid).orElseThrow().id();
      lineage.born(new Leader(id, Proc.thisThread(), launch.runId()));
      return id;
    } finally {
      birth.unlock();
    }
  }

  @Override
  public void close() {
    starters.close();
    reactor.run(() -> children.forEach(NativeChild::abandon));
    reactor.close();
    Native.close(devNull);
  }
}

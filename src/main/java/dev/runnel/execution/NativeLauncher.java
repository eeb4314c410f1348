package dev.runnel.execution;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
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
    try (var pipes = new Pipes(launch)) {
      byte[] bytes = launch.stdin();
      Consumer<ProcessId> born = id -> lineage.born(Leader.newborn(id, launch.runId()));
      if (bytes == null) {
        return begin(launch, listener, pipes, born, _ -> 0, devNull);
      }
      int[] stdin = pipes.pipe();
      pipes.checked(Native.setNonBlocking(stdin[1]));
      return begin(
          launch,
          listener,
          pipes,
          born,
          child -> child.feed(pipes.handOn(stdin[1]), bytes),
          stdin[0]);
    }
  }

  /** Starts a process that waits for its job. */
  Standby standBy(Launch launch) throws StartFailed {
    var origin =
        Standby.Origin.now(launch)
            .orElseThrow(() ->
                new StartFailed(StartFailed.Obstacle.OTHER, "Its program or directory is gone"));
    try (var pipes = new Pipes(launch)) {
      int[] control = pipes.pipe();
      pipes.checked(Native.setNonBlocking(control[1]));
      var gone = new CompletableFuture<@Nullable Void>();
      var helper = new AtomicLong();
      var unheard =
          new Unheard(() -> {
            lineage.release(helper.get());
            gone.complete(null);
          });
      var child =
          begin(
              launch,
              unheard,
              pipes,
              id -> {
                helper.set(id.pid());
                lineage.protect(id.pid());
              },
              _ -> 0,
              devNull,
              control[0]);
      return new Standby(
          launch, origin, child, pipes.handOn(control[1]), Proc.thisThread(), unheard, gone);
    }
  }

  /** Runs what nobody waits for on a thread that may be a parent of processes. */
  void background(Runnable start) {
    starters.execute(start);
  }

  /**
   * Starts and watches a process.
   *
   * @param born enters the newborn into the lineage
   * @param first what is done before it is watched; below zero is a refusal
   * @param inputs what it has open as 0 and from 3 on
   */
  private NativeChild begin(
      Launch launch,
      ChildListener listener,
      Pipes pipes,
      Consumer<ProcessId> born,
      ToIntFunction<NativeChild> first,
      int... inputs)
      throws StartFailed {
    var program = Executable.find(launch);
    int[] stdout = pipes.pipe();
    int[] stderr = pipes.pipe();
    pipes.checked(Native.setNonBlocking(stdout[0]));
    pipes.checked(Native.setNonBlocking(stderr[0]));
    int[] descriptors = new int[inputs.length + 2];
    descriptors[0] = inputs[0];
    descriptors[1] = stdout[1];
    descriptors[2] = stderr[1];
    System.arraycopy(inputs, 1, descriptors, 3, inputs.length - 1);
    var id = spawn(launch, program, born, descriptors);
    try {
      int pidfd = pipes.add(Native.pidfd(id.pid()));
      Rlimits.apply(id.pid(), launch.limits(), runAs);
      var child =
          new NativeChild(
              id,
              pipes.handOn(pidfd),
              pipes.handOn(stdout[0]),
              pipes.handOn(stderr[0]),
              reactor,
              listener,
              children::remove,
              () -> tree.hasNoOrphans(id));
      watch(child, first.applyAsInt(child), launch);
      return child;
    } catch (StartFailed e) {
      undo(id);
      throw e;
    }
  }

  private void watch(NativeChild child, int refused, Launch launch) throws StartFailed {
    children.add(child);
    int result = refused < 0 ? refused : child.watch();
    if (result < 0) {
      children.remove(child);
      reactor.run(child::abandon);
      throw StartFailed.because(-result, launch);
    }
  }

  private void undo(ProcessId id) {
    tree.kill(id);
    Native.kill(id.pid(), Native.SIGKILL);
    while (Native.reap(id.pid()) == null) {
      Thread.onSpinWait();
    }
    lineage.reaped(id);
    lineage.release(id.pid());
  }

  private ProcessId spawn(
      Launch launch, String program, Consumer<ProcessId> born, int... descriptors)
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
              descriptors);
      if (pid < 0) {
        throw StartFailed.because((int) -pid, launch);
      }
      var id = Proc.stat(pid).orElseThrow().id();
      born.accept(id);
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

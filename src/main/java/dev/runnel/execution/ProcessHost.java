package dev.runnel.execution;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How processes are started and ended on this host, for the whole service. Opening it makes the
 * service the parent of every orphan below it.
 */
public final class ProcessHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessHost.class);

  private final ProcessTree tree;
  private final Launcher launcher;
  private final FileOwner owner;
  private final Trials trials;

  private ProcessHost(ProcessTree tree, Launcher launcher, FileOwner owner) {
    this.tree = tree;
    this.launcher = launcher;
    this.owner = owner;
    this.trials = new Trials(launcher, tree);
  }

  /**
   * Prepares this process.
   *
   * @param runAs the user that scripts run as; null for the service's own
   * @throws IllegalStateException when scripts cannot run as that user, or the kernel refuses
   */
  public static ProcessHost open(@Nullable String runAs) {
    var user = runAs == null ? null : user(runAs);
    var tree = ProcessTree.ofThisJvm();
    var missing = Native.unsupported();
    missing.ifPresent(why -> LOG.warn("Processes are started the slow way: {}", why));
    return new ProcessHost(
        tree,
        missing.isEmpty() ? new NativeLauncher(tree, user) : new ProcessBuilderLauncher(user),
        new FileOwner(user));
  }

  private static RunAs user(String name) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException("RUNNEL_RUN_AS needs a service that runs as root");
    }
    try {
      return RunAs.user(name);
    } catch (IllegalArgumentException unusable) {
      throw new IllegalStateException(unusable.getMessage(), unusable);
    }
  }

  /** Hides this process's memory and environment from others of its user, root excepted. */
  public static void hide() {
    var refused = Native.becomeNonDumpable();
    if (refused < 0) {
      LOG.warn("The service's memory is readable for its own user: error {}", -refused);
    }
  }

  /** How a process of the service itself is started. */
  public interface HelperStart {
    Process start() throws IOException;
  }

  /** Starts a process of the service's own, which the end of no run touches. */
  public static Process startHelper(HelperStart start) throws IOException {
    var lineage = Lineage.ofThisJvm();
    var birth = lineage.birth();
    birth.lock();
    try {
      var process = start.start();
      lineage.protect(process.pid());
      var _ = process.onExit().thenRun(() -> lineage.release(process.pid()));
      return process;
    } finally {
      birth.unlock();
    }
  }

  /** Why processes cannot be started natively here; empty when they can. */
  public static Optional<String> nativeStartsMissing() {
    return Native.unsupported();
  }

  FileOwner owner() {
    return owner;
  }

  Child start(Launch launch, ChildListener listener) throws StartFailed {
    return launcher.start(launch, listener);
  }

  /** Programs that are started only to see what they do. */
  Trials trials() {
    return trials;
  }

  /** SIGTERM to all that is known to be the run's. */
  void terminate(Child child) {
    tree.terminate(child.id());
  }

  /** Kills all that is left of the run; answers how many processes those were. */
  int kill(Child child) {
    return tree.kill(child.id());
  }

  /** Nothing is left of the run, as its child knows. */
  void ended(Child child) {
    tree.ended(child.id());
  }

  /** Buries orphans that nobody waits for. */
  void reapOrphans() {
    tree.reapOrphans();
  }

  /** Kills what a former life of a node left; answers how many processes of each run. */
  Map<UUID, Integer> recover(List<Remains> remains) {
    return tree.recover(remains).entrySet().stream()
        .collect(Collectors.toMap(run -> UUID.fromString(run.getKey()), Map.Entry::getValue));
  }

  @Override
  public void close() {
    trials.close();
    launcher.close();
  }
}

package dev.runnel.execution;

import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.execution.Cgroups.Controller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
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
  private final @Nullable Standbys standbys;
  private final FileOwner owner;
  private final Trials trials;
  private final Cgroups groups;
  private final LimitWatch watch;
  private final @Nullable RunAs user;

  private ProcessHost(
      ProcessTree tree,
      Launcher launcher,
      @Nullable Standbys standbys,
      @Nullable RunAs user,
      Cgroups groups) {
    this.tree = tree;
    this.launcher = launcher;
    this.standbys = standbys;
    this.owner = new FileOwner(user);
    this.groups = groups;
    this.watch = new LimitWatch(tree);
    this.user = user;
    this.trials = new Trials(launcher, tree);
  }

  /**
   * Prepares this process.
   *
   * @param runAs the user that scripts run as; null for the service's own
   * @param cgroups when runs get a cgroup of their own
   * @param standbys how many interpreters may wait for a run that were started ahead of need
   * @throws IllegalStateException when scripts cannot run as that user, or the kernel refuses
   */
  public static ProcessHost open(@Nullable String runAs, CgroupUse cgroups, int standbys) {
    var user = runAs == null ? null : user(runAs);
    var tree = ProcessTree.ofThisJvm();
    var missing = Native.unsupported();
    missing.ifPresent(why -> LOG.warn("Processes are started the slow way: {}", why));
    if (missing.isPresent()) {
      var slow = new ProcessBuilderLauncher(user);
      return new ProcessHost(tree, slow, null, user, Cgroups.open(cgroups));
    }
    var launcher = new NativeLauncher(tree, user);
    var waiting = new Standbys(launcher, standbys);
    return new ProcessHost(tree, launcher, waiting, user, Cgroups.open(cgroups));
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

  /**
   * Returns once every process whose start had begun is started: until then it has open what this
   * one had open.
   */
  public static void awaitStarts() {
    Lineage.ofThisJvm().settle();
  }

  /**
   * Starts a process that serves runs, as the user scripts run as, in a session of its own; it is a
   * helper like others.
   */
  Process startWorker(Launch launch) throws IOException {
    var argv = new ArrayList<String>();
    // Away from the terminal's group: Ctrl-C is the service's to hear.
    OnPath.find("setsid").ifPresent(argv::add);
    // Many of them that start at once must not keep the service from answering.
    OnPath.find("nice").ifPresent(nice -> argv.addAll(List.of(nice, "-n", "10")));
    argv.addAll(user == null ? launch.argv() : user.argv(launch.argv().getFirst(), launch));
    var builder = new ProcessBuilder(argv).directory(launch.workingDirectory().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    var process = startHelper(builder::start);
    Rlimits.apply(process.pid(), launch.limits(), user);
    return process;
  }

  /** Why processes cannot be started natively here; empty when they can. */
  public static Optional<String> nativeStartsMissing() {
    return Native.unsupported();
  }

  /** What scripts start from, given what passes of the service's environment. */
  Map<String, String> environment(Map<String, String> passed) {
    return user == null ? passed : user.own(passed);
  }

  FileOwner owner() {
    return owner;
  }

  Child start(Launch launch, ChildListener listener) throws StartFailed {
    var child = launcher.start(launch, listener);
    groups.enter(child.id(), launch.runId(), launch.limits());
    return child;
  }

  /** Where a leading process is noted, so that a later life of the service finds it. */
  interface Note {
    void leads(ProcessId leader) throws IOException;
  }

  /**
   * Starts a run's process, or gives the run to one that waits for it.
   *
   * @param handover null when none can wait for such a run
   * @throws IOException when it could not be noted; then it does not run
   */
  Child start(Launch launch, @Nullable Handover handover, ChildListener listener, Note note)
      throws StartFailed, IOException {
    if (standbys == null || handover == null) {
      return noted(start(launch, listener), note);
    }
    var standby = standbys.employ(handover.kind(), launch, listener);
    var child =
        standby.isPresent()
            ? begun(standby.get(), launch, handover.job(), note)
            : noted(start(launch, listener), note);
    standbys.expect(handover.kind());
    return child;
  }

  /** A process that the next life of the service could not find must not run. */
  private Child noted(Child child, Note note) throws IOException {
    try {
      note.leads(child.id());
      return child;
    } catch (IOException unwritable) {
      kill(child);
      cleanUp(child);
      throw unwritable;
    }
  }

  private Child begun(Standby standby, Launch launch, byte[] job, Note note)
      throws StartFailed, IOException {
    var child = standby.child();
    try {
      note.leads(child.id());
      groups.enter(child.id(), launch.runId(), launch.limits());
      standby.begin(job, launch);
      return child;
    } catch (StartFailed | IOException | RuntimeException refused) {
      standby.giveUp();
      kill(child);
      cleanUp(child);
      throw refused;
    }
  }

  /** Has {@code over} told, on any thread, when the run goes over a limit that is counted here. */
  void watch(Child child, RunLimits limits, Consumer<Breach> over) {
    var group = groups.of(child.id());
    // A script that could write its own group's files is counted by us as well.
    var counted =
        group != null && user != null
            ? limits.without(groups.limit(Controller.MEMORY), groups.limit(Controller.PIDS))
            : limits;
    watch.add(child.id(), counted, group, over);
  }

  /** Whether the kernel has just killed something on this host for want of memory. */
  boolean sawOutOfMemory() {
    return watch.sawOutOfMemory();
  }

  Cgroups groups() {
    return groups;
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
    watch.remove(child.id());
    return groups.kill(child.id()) + tree.kill(child.id());
  }

  /** Nothing is left of the run, as its child knows. */
  void ended(Child child) {
    watch.remove(child.id());
    tree.ended(child.id());
  }

  /** Removes what the host itself keeps for the run; blocks. */
  void cleanUp(Child child) {
    groups.end(child.id());
  }

  /** Buries orphans that nobody waits for. */
  void reapOrphans() {
    tree.reapOrphans();
  }

  /** Kills what a former life of a node left; answers how many processes of each run. */
  Map<UUID, Integer> recover(List<Remains> remains) {
    var killed = new HashMap<>(groups.recover(remains));
    tree.recover(remains).forEach((run, more) -> killed.merge(run, more, Integer::sum));
    return killed.entrySet().stream()
        .collect(Collectors.toMap(run -> UUID.fromString(run.getKey()), Map.Entry::getValue));
  }

  @Override
  public void close() {
    trials.close();
    watch.close();
    if (standbys != null) {
      standbys.close();
    }
    launcher.close();
  }
}

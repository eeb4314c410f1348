package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.execution.Cgroups.Controller;
import dev.runnel.run.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs in a cgroup v2 of their own; what the host does not offer is skipped and says so. */
class CgroupsTest {
  private static final long MIB = 1 << 20;
  private static final String MARK = UUID.randomUUID().toString();

  private final ProcessTree tree = ProcessTree.ofThisJvm();
  private final Launcher launcher = new NativeLauncher(tree, null);

  @AfterEach
  void close() {
    launcher.close();
  }

  private static CgroupHome home() {
    var home = CgroupHome.find();
    assumeTrue(home.isPresent(), "there is no cgroup v2 that the tests may write");
    return home.get();
  }

  private static Cgroups with(Controller controller) {
    var groups = Cgroups.below(home(), CgroupUse.AUTO);
    assumeTrue(groups.limit(controller), "no " + controller.word() + " controller in cgroup v2");
    return groups;
  }

  private static Path runs() {
    return home().directory().resolve("runnel-runs");
  }

  private Child start(Cgroups groups, String script, RunLimits limits, Recorder said)
      throws Exception {
    var launch = Launches.with(Launches.bash(script), Launch.RUN_ID, MARK);
    var child = launcher.start(launch, said);
    groups.enter(child.id(), MARK, limits);
    return child;
  }

  @Test
  void everything_inside_is_killed_in_one_step_and_the_group_goes() throws Exception {
    var groups = Cgroups.below(home(), CgroupUse.ALWAYS);
    assumeTrue(groups.areUsed(), groups.finding());
    var said = new Recorder();
    var child =
        start(
            groups,
            "sleep 0.1; for i in 1 2 3; do env -i setsid sleep 30 & done; echo ready; wait",
            RunLimits.NONE,
            said);
    said.awaitOut("ready");
    assertThat(runs().resolve(MARK)).isDirectory();
    Files.createDirectory(runs().resolve(MARK).resolve("inner"));
    assertThat(groups.kill(child.id())).isEqualTo(4);
    said.awaitExit();
    assertThat(tree.kill(child.id())).as("nothing was left for us").isZero();
    groups.end(child.id());
    assertThat(runs().resolve(MARK)).doesNotExist();
  }

  @Test
  void the_next_life_of_the_service_ends_what_is_in_them() throws Exception {
    var groups = Cgroups.below(home(), CgroupUse.ALWAYS);
    assumeTrue(groups.areUsed(), groups.finding());
    var said = new Recorder();
    var child = start(groups, "echo ready; sleep 30; :", RunLimits.NONE, said);
    said.awaitOut("ready");
    var remains = new Remains(MARK, new ProcessId(1, 1), "another boot");
    var next = Cgroups.below(home(), CgroupUse.ALWAYS);
    assertThat(next.recover(List.of(remains)).get(remains.runId())).isBetween(1, 2);
    assertThat(said.awaitExit().code()).isEqualTo(137);
    assertThat(runs().resolve(MARK)).doesNotExist();
    tree.kill(child.id());
  }

  @Test
  void memory_over_the_limit_ends_the_whole_run() throws Exception {
    var groups = with(Controller.MEMORY);
    var said = new Recorder();
    var limits = new RunLimits(null, 48 * MIB, null, null, null);
    var child =
        start(
            groups,
            "sleep 0.2; sleep 30 & { head -c 100000000 /dev/zero; sleep 10; } | tail -n 1",
            limits,
            said);
    assertThat(said.awaitExit().code()).isEqualTo(137);
    assertThat(groups.of(child.id()).breach().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    groups.kill(child.id());
    tree.kill(child.id());
    groups.end(child.id());
  }

  /** Ten processes at most, of five seconds each. */
  @Test
  void processes_over_the_limit_are_refused_and_told() throws Exception {
    var groups = with(Controller.PIDS);
    var limits = new RunLimits(null, null, 5L, null, null);
    var breach = new CompletableFuture<Breach>();
    try (var watch = new LimitWatch(tree)) {
      var child =
          start(
              groups,
              "sleep 0.2; for i in {1..10}; do sleep 5 & done; wait",
              limits,
              new Recorder());
      watch.add(child.id(), limits.without(true, true), groups.of(child.id()), breach::complete);
      assertThat(breach.get(20, TimeUnit.SECONDS))
          .isEqualTo(
              new Breach(
                  Reason.PROCESS_LIMIT, "Process limit of 5 exceeded: the kernel refused more"));
      assertThat(groups.kill(child.id())).isBetween(1, 5);
      tree.kill(child.id());
      groups.end(child.id());
    }
  }

  @Test
  void without_controllers_and_a_wish_there_are_none() throws IOException {
    assertThat(Cgroups.open(CgroupUse.OFF).areUsed()).isFalse();
    var empty = new CgroupHome(Files.createTempDirectory("no-cgroup"));
    assertThat(Cgroups.below(empty, CgroupUse.AUTO).areUsed()).isFalse();
    assertThat(Cgroups.below(empty, CgroupUse.AUTO).finding()).contains("neither");
    assertThat(Cgroups.below(empty, CgroupUse.ALWAYS).finding()).contains("cgroup.kill");
  }

  @Test
  void the_directory_of_a_group_depends_on_what_the_mount_shows() {
    var v1 = "32 24 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
    var all = "33 24 0:29 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw";
    var part = "33 24 0:29 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw";
    assertThat(CgroupHome.find(List.of(v1, all), "/a/b"))
        .isEqualTo(Optional.of(Path.of("/sys/fs/cgroup/unified/a/b")));
    assertThat(CgroupHome.find(List.of(all), "/"))
        .isEqualTo(Optional.of(Path.of("/sys/fs/cgroup/unified")));
    assertThat(CgroupHome.find(List.of(part), "/docker/abc/x"))
        .isEqualTo(Optional.of(Path.of("/sys/fs/cgroup/x")));
    assertThat(CgroupHome.find(List.of(part), "/docker/other")).isEmpty();
    assertThat(CgroupHome.find(List.of(v1), "/a")).isEmpty();
    assertThat(CgroupHome.find(List.of(all), "/../x")).isEmpty();
  }
}

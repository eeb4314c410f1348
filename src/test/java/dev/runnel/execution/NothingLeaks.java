package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What starts leave in a JVM where nothing else is going on. */
class NothingLeaks {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ProcessTree tree = ProcessTree.ofThisJvm();

  @Test
  void three_hundred_native_starts_leave_no_descriptor_and_no_zombie() throws Exception {
    try (var launcher = new NativeLauncher(tree, null)) {
      leaveNothing(launcher, 300);
    }
  }

  @Test
  void starts_by_the_jdk_leave_no_descriptor_and_no_zombie() throws Exception {
    try (var launcher = new ProcessBuilderLauncher(null)) {
      leaveNothing(launcher, 300);
    }
  }

  @Test
  void processes_that_waited_leave_no_descriptor_and_no_zombie() throws Exception {
    var kind = Launches.bash("IFS= read -rd '' -u 3 job; exec 3<&-; eval \"$job\"");
    try (var launcher = new NativeLauncher(tree, null)) {
      once(launcher, Launches.bash("echo warm"));
      var before = descriptors();
      for (int i = 0; i < 20; i++) {
        var standby = launcher.standBy(kind);
        if (i % 2 == 0) {
          standby.dismiss();
          standby.awaitEnd(PATIENCE);
        } else {
          var said = new Recorder();
          assertThat(standby.employ(kind, said)).isTrue();
          standby.begin(("echo " + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8), kind);
          assertThat(said.awaitExit().code()).isZero();
          said.awaitClosed();
          assertThat(said.out()).hasSize(100_001);
          assertThat(tree.kill(standby.child().id())).isZero();
        }
        assertThat(exists(standby.child().id())).isFalse();
      }
      await().untilAsserted(() -> assertThat(descriptors()).isEqualTo(before));
    }
  }

  @Test
  void a_closed_launcher_leaves_no_descriptor() throws Exception {
    new NativeLauncher(tree, null).close();
    var before = descriptors();
    var launcher = new NativeLauncher(tree, null);
    var said = new Recorder();
    var child =
        launcher.start(Launches.reading(Launches.bash("sleep 60"), new byte[300_000]), said);
    launcher.close();
    assertThat(descriptors()).isEqualTo(before);
    child.pause();
    child.closeOutput();
    assertThat(tree.kill(child.id())).isBetween(1, 2);
    Native.reap(child.pid());
  }

  private void leaveNothing(Launcher launcher, int starts) throws Exception {
    once(launcher, Launches.bash("echo warm"));
    assertFails(launcher, Launches.of("echo", "x".repeat(3_000_000)));
    var before = descriptors();
    var ids = new ArrayList<ProcessId>();
    for (int i = 0; i < starts; i++) {
      var launch = Launches.marked(Launches.of(i % 2 == 0 ? "true" : "cat"));
      ids.add(once(launcher, i % 3 == 0 ? Launches.reading(launch, new byte[10]) : launch));
    }
    for (int i = 0; i < 20; i++) {
      assertFails(launcher, Launches.of("no-such-program"));
      assertFails(launcher, Launches.of("echo", "x".repeat(3_000_000)));
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).noneMatch(NothingLeaks::exists);
    await().untilAsserted(() -> assertThat(descriptors()).isEqualTo(before));
  }

  private ProcessId once(Launcher launcher, Launch launch) throws Exception {
    var said = new Recorder();
    var child = launcher.start(launch, said);
    assertThat(said.awaitExit().code()).isZero();
    said.awaitClosed();
    assertThat(tree.kill(child.id())).isZero();
    return child.id();
  }

  private static void assertFails(Launcher launcher, Launch launch) {
    assertThatThrownBy(() -> launcher.start(launch, new Recorder()))
        .isInstanceOf(StartFailed.class);
  }

  private static boolean exists(ProcessId id) {
    return Proc.stat(id.pid()).filter(s -> s.id().equals(id)).isPresent();
  }

  /** What is open, without files: jars and classes are opened whenever. */
  private static Set<String> descriptors() throws Exception {
    var found = new TreeSet<String>();
    for (var name : List.of(new File("/proc/self/fd").list())) {
      var path = Path.of("/proc/self/fd", name);
      if (Files.isSymbolicLink(path)) {
        var target = Files.readSymbolicLink(path).toString();
        if (!target.startsWith("/") || target.equals("/dev/null")) {
          found.add(name + " " + target.replaceAll("\\d+", ""));
        }
      }
    }
    return found;
  }
}

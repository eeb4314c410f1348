package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is left of a run when it has ended: nothing. Scripts print {@code pid …} for each process
 * they leave behind.
 */
class EndOfRun {
  private static final Pattern PIDS = Pattern.compile("pid (\\d+)\n");
  private static final ProcessTree TREE = ProcessTree.ofThisJvm();
  private static final NativeLauncher LAUNCHER = new NativeLauncher(TREE, null);

  private static final List<Child> STARTED = new ArrayList<>();

  private record Started(Child child, Recorder said, List<ProcessId> left) {
    List<ProcessId> alive() {
      return left.stream().filter(EndOfRun::isAlive).toList();
    }
  }

  @AfterEach
  void endWhatAFailedTestLeft() {
    STARTED.forEach(child -> TREE.kill(child.id()));
  }

  @AfterAll
  static void close() {
    LAUNCHER.close();
  }

  private static boolean isAlive(ProcessId id) {
    return Proc.stat(id.pid()).filter(s -> s.id().equals(id) && s.isAlive()).isPresent();
  }

  private static boolean exists(ProcessId id) {
    return Proc.stat(id.pid()).filter(s -> s.id().equals(id)).isPresent();
  }

  /** Starts a script and waits until it has named as many processes as expected. */
  private static Started start(Launch launch, int processes) throws Exception {
    var said = new Recorder();
    var child = LAUNCHER.start(launch, said);
    STARTED.add(child);
    await()
        .alias(launch.toString())
        .until(() -> PIDS.matcher(said.out()).results().count() == processes);
    var left =
        PIDS.matcher(said.out())
            .results()
            .map(found -> Proc.stat(Long.parseLong(found.group(1))).orElseThrow().id())
            .toList();
    return new Started(child, said, left);
  }

  private static Started start(String script, int processes) throws Exception {
    return start(Launches.marked(Launches.bash(script)), processes);
  }

  private static final String FORK_TWICE =
      """
      import os, sys, time
      if os.fork(): os._exit(0)
      os.setsid()
      if os.fork(): os._exit(0)
      print('pid', os.getpid(), flush=True)
      time.sleep(60)
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sleep 60 & echo pid $!",
        "sleep 60 >/dev/null 2>&1 & echo pid $!",
        "setsid bash -c 'echo pid $$; sleep 60; :' & sleep 0.2",
        "nohup bash -c 'echo pid $$; sleep 60; :' & sleep 0.2",
        "bash -c \"trap '' TERM HUP INT; echo pid \\$\\$; for i in {1..60}; do sleep 1; done\" &"
            + " sleep 0.2",
        "( ( bash -c 'echo pid $$; exec sleep 60' & ) & ) ; sleep 0.2",
        "( setsid setsid bash -c 'echo pid $$; exec sleep 60' & )",
        "set -m; sleep 60 & echo pid $!; disown",
        "env -i /usr/bin/setsid /bin/bash -c 'echo pid $$; exec sleep 60' &",
        "(env -i /usr/bin/setsid -f /bin/bash -c 'echo pid $$; exec sleep 60')",
      })
  void whatever_a_finished_script_left_is_gone(String script) throws Exception {
    var run = start(script, 1);
    assertThat(run.said().awaitExit().code()).isZero();
    assertThat(run.alive()).hasSize(1);

    int killed = TREE.kill(run.child().id());

    assertThat(killed).isBetween(1, 2);
    assertThat(run.left()).noneMatch(EndOfRun::exists);
    run.said().awaitClosed();
  }

  @Test
  void a_python_that_forked_twice_is_gone() throws Exception {
    var run = start(Launches.marked(Launches.of("python3", "-c", FORK_TWICE)), 1);
    run.said().awaitExit();
    assertThat(run.alive()).hasSize(1);
    assertThat(TREE.kill(run.child().id())).isEqualTo(1);
    assertThat(run.left()).noneMatch(EndOfRun::exists);
  }

  @Test
  void a_python_that_forked_twice_without_a_mark_is_gone() throws Exception {
    var run = start(Launches.of("python3", "-c", FORK_TWICE), 1);
    run.said().awaitExit();
    assertThat(TREE.kill(run.child().id())).isEqualTo(1);
    assertThat(run.left()).noneMatch(EndOfRun::exists);
  }

  /** Its parent is not the leader but the leader's own: the thread of this JVM that started it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "os.setsid()"})
  void a_sibling_that_the_leader_made_of_itself_is_gone(String detach) throws Exception {
    var script =
        """
        import ctypes, os, platform, time
        clone = {'x86_64': 56, 'aarch64': 220}[platform.machine()]
        flags = ctypes.c_ulong(0x8000 | 17)  # CLONE_PARENT | SIGCHLD
        if ctypes.CDLL(None).syscall(clone, flags, 0, 0, 0, 0):
            os._exit(0)
        %s
        print('pid', os.getpid(), flush=True)
        time.sleep(60)
        """
            .formatted(detach);
    var run = start(Launches.of("python3", "-c", script), 1);
    run.said().awaitExit();
    assertThat(run.child().leftNothing()).isFalse();
    assertThat(TREE.processes(run.child().id(), 9)).isEqualTo(detach.isEmpty() ? 1 : 0);

    assertThat(TREE.kill(run.child().id())).isEqualTo(1);

    assertThat(run.left()).noneMatch(EndOfRun::exists);
  }

  @Test
  void a_running_script_is_killed_with_all_it_started() throws Exception {
    var run =
        start(
            "trap '' TERM; echo pid $$; sleep 60 & echo pid $!;"
                + " setsid bash -c 'echo pid $$; sleep 60; :' & sleep 60",
            3);
    int there = TREE.processes(run.child().id(), 100);
    assertThat(there).isBetween(4, 6);
    assertThat(TREE.residentBytes(run.child().id())).isGreaterThan(there * 500_000L);
    assertThat(TREE.proportionalBytes(run.child().id()))
        .isBetween(100_000L, TREE.residentBytes(run.child().id()));

    assertThat(TREE.kill(run.child().id())).isEqualTo(there);

    assertThat(run.left()).noneMatch(EndOfRun::isAlive);
    assertThat(run.said().awaitExit().signal()).isEqualTo(Native.SIGKILL);
    assertThat(TREE.kill(run.child().id())).as("a second time").isZero();
  }

  @Test
  void a_main_thread_that_has_ended_hides_nothing() throws Exception {
    var script =
        """
        import ctypes, os, threading, time
        print('pid', os.getpid(), flush=True)
        threading.Thread(target=time.sleep, args=(60,)).start()
        ctypes.CDLL(None).pthread_exit(None)
        """;
    var run = start(Launches.marked(Launches.of("python3", "-c", script)), 1);
    await().until(() -> Proc.stat(run.child().pid()).orElseThrow().state() == 'Z');
    assertThat(TREE.kill(run.child().id())).isEqualTo(1);
    assertThat(run.said().awaitExit().code()).isEqualTo(137);
  }

  /** Forks all the time; for its own part ends after 20 s and never has more than about 200. */
  @Test
  void a_script_that_keeps_forking_is_caught_up_with() throws Exception {
    var run =
        start(
            "echo pid $$; f() { while [ $SECONDS -lt 20 ]; do (sleep 0.2 &); sleep 0.01; done; };"
                + " for i in {1..8}; do f & done; wait",
            1);
    await().until(() -> TREE.processes(run.child().id(), 30) >= 30);
    assertThat(TREE.kill(run.child().id())).isGreaterThan(20);
    assertThat(run.said().awaitExit().code()).isEqualTo(137);
    assertThat(ofSession(run.child().pid())).isEmpty();
  }

  /**
   * Each process starts its successor and ends, 3,000 times; only the last one would stay.
   *
   * <p>How many are killed: a link that waits for its parent's end leaves at most two alive at any
   * time, so a round of the kill meets one or two. One that is born between the last look of a
   * round and its kill (in 3 of 100, measured) has the next round for itself; two such rounds in a
   * row have not been seen in 500 kills. Links that do not wait run on while their parents have
   * still to be given the processor for their own end: five alive at once were seen, and nothing
   * but the length of the chain bounds them.
   */
  @ParameterizedTest
  @CsvSource({
    "while os.getppid() == parent: pass, pass, 4",
    "while os.getppid() == parent: pass, os.setsid(), 4",
    "pass, pass, 3001",
    "pass, os.setsid(), 3001"
  })
  void a_process_that_hops_from_pid_to_pid_is_caught(String wait, String detach, int most)
      throws Exception {
    var script =
        """
        import os, time
        for i in range(3000):
            parent = os.getpid()
            if os.fork(): os._exit(0)
            %s
            %s
        time.sleep(20)
        """
            .formatted(wait, detach);
    var run = start(Launches.of("python3", "-c", script), 0);
    run.said().awaitExit();
    assertThat(TREE.kill(run.child().id())).isBetween(1, most);
    run.said().awaitClosed();
    assertThat(strangers()).isEmpty();
  }

  /** Doubles eight times, each in a session of its own; all of it ends after 20 s. */
  @Test
  void a_script_that_multiplies_is_caught_up_with() throws Exception {
    var run =
        start(
            "echo pid $$; export F='[ $1 -gt 0 ] && for i in 1 2; do"
                + " setsid bash -c \"$F\" f $(($1-1)) & done; sleep 20; :'; bash -c \"$F\" f 8",
            1);
    await().until(() -> TREE.processes(run.child().id(), 60) == 60);
    assertThat(TREE.kill(run.child().id())).isGreaterThan(59);
    assertThat(run.said().awaitExit().code()).isEqualTo(137);
    run.said().awaitClosed();
    assertThat(strangers()).isEmpty();
  }

  private static List<ProcessStat> ofSession(long session) {
    return Proc.all().stream().filter(p -> p.session() == session).toList();
  }

  @Test
  void terminating_asks_everyone_and_wakes_the_stopped() throws Exception {
    var run =
        start(
            "setsid bash -c 'trap \"echo got it; exit\" TERM; echo pid $$; kill -STOP $$;"
                + " for i in {1..600}; do sleep 0.05; done' & wait",
            1);
    await().until(() -> Proc.stat(run.left().getFirst().pid()).orElseThrow().state() == 'T');
    assertThat(TREE.terminate(run.child().id())).isGreaterThanOrEqualTo(2);
    assertThat(run.said().awaitExit().code()).isEqualTo(143);
    run.said().awaitOut("got it");
    TREE.kill(run.child().id());
    assertThat(run.left()).noneMatch(EndOfRun::exists);
  }

  @Test
  void runs_side_by_side_leave_each_other_s_processes_alone() throws Exception {
    var script =
        "setsid bash -c 'echo pid $$; exec sleep 60' & nohup bash -c 'echo pid $$; exec sleep 60'"
            + " &";
    var one = start(script, 2);
    var other = start(script, 2);
    one.said().awaitExit();
    other.said().awaitExit();

    assertThat(TREE.kill(one.child().id())).isEqualTo(2);
    assertThat(one.left()).noneMatch(EndOfRun::exists);
    assertThat(other.alive()).hasSize(2);

    assertThat(TREE.kill(other.child().id())).isEqualTo(2);
    assertThat(other.left()).noneMatch(EndOfRun::exists);
  }

  @Test
  void a_stray_older_than_a_run_is_not_its_doing() throws Exception {
    var first = start("env -i /usr/bin/setsid -f /bin/bash -c 'echo pid $$; exec sleep 60'", 1);
    first.said().awaitExit();
    await().until(() -> Proc.now() > first.left().getFirst().startTime() + 2);
    var second = start("echo pid $$; exec sleep 60", 1);
    assertThat(TREE.kill(second.child().id())).isEqualTo(1);
    assertThat(first.alive()).hasSize(1);
    assertThat(TREE.kill(first.child().id())).isEqualTo(1);
    assertThat(first.left()).noneMatch(EndOfRun::exists);
  }

  @Test
  void helpers_of_the_service_survive() throws Exception {
    var lineage = Lineage.ofThisJvm();
    var run = start("echo pid $$; sleep 60; :", 1);
    await().until(() -> TREE.processes(run.child().id(), 9) == 2);
    var plain = new ProcessBuilder("sleep", "60").start();
    var detached = new ProcessBuilder("setsid", "bash", "-c", "sleep 60 & wait").start();
    lineage.protect(detached.pid());
    var orphaned = new ProcessBuilder("bash", "-c", "sleep 60 >/dev/null 2>&1 & echo $!").start();
    var orphan =
        Long.parseLong(
            new String(orphaned.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    await().until(() -> Proc.children(detached.pid()).size() == 1);
    try {
      assertThat(TREE.kill(run.child().id())).isEqualTo(2);
      assertThat(plain.isAlive()).isTrue();
      assertThat(detached.isAlive()).isTrue();
      assertThat(Proc.children(detached.pid())).hasSize(1);
      assertThat(Proc.stat(orphan).orElseThrow().isAlive()).isTrue();
    } finally {
      plain.destroyForcibly();
      Proc.children(detached.pid()).forEach(pid -> Native.kill(pid, Native.SIGKILL));
      Native.kill(orphan, Native.SIGKILL);
      await().until(() -> Native.reap(orphan) != null);
      detached.waitFor();
      lineage.release(detached.pid());
    }
  }

  /** Does what it is told. */
  private static Standby standby() throws StartFailed {
    return LAUNCHER.standBy(Launches.bash("IFS= read -rd '' -u 3 job; exec 3<&-; eval \"$job\""));
  }

  @Test
  void a_process_that_waits_for_its_run_is_nobody_s() throws Exception {
    var run = start("sleep 0.2", 0);
    var standby = standby();
    run.said().awaitExit();
    assertThat(TREE.kill(run.child().id())).isZero();
    assertThat(isAlive(standby.child().id())).isTrue();
    standby.dismiss();
    standby.awaitEnd(Duration.ofSeconds(30));
    assertThat(exists(standby.child().id())).isFalse();
  }

  @Test
  void what_was_there_before_its_run_is_not_taken_for_the_run_s() throws Exception {
    var standby = standby();
    var other =
        start("(env -i /usr/bin/setsid /bin/bash -c 'echo pid $$; exec sleep 60' &); sleep 60", 1);
    await().until(() -> Proc.now() > other.left().getFirst().startTime() + 2);

    var launch = Launches.marked(Launches.bash(""));
    var said = new Recorder();
    STARTED.add(standby.child());
    assertThat(standby.employ(launch, said)).isTrue();
    standby.begin("echo pid $$; setsid sleep 60 & exit 4".getBytes(StandardCharsets.UTF_8), launch);

    assertThat(said.awaitExit().code()).isEqualTo(4);
    assertThat(said.out()).isEqualTo("pid " + standby.child().pid() + "\n");
    assertThat(TREE.kill(standby.child().id())).isEqualTo(1);
    assertThat(other.alive()).hasSize(1);
    TREE.kill(other.child().id());
  }

  @Test
  void orphans_that_end_while_a_run_goes_on_are_buried() throws Exception {
    var run = start("for i in 1 2 3; do (setsid true &) ; done; echo pid $$; sleep 60", 1);
    await().until(() -> zombies() > 0 || strangers().isEmpty());
    await()
        .untilAsserted(() -> {
          TREE.reapOrphans();
          assertThat(zombies()).isZero();
        });
    TREE.kill(run.child().id());
  }

  /** Children of this JVM that are dead and not buried. */
  private static long zombies() {
    return strangers().stream().filter(ProcessStat::isZombie).count();
  }

  private static List<ProcessStat> strangers() {
    long self = ProcessHandle.current().pid();
    return Proc.all().stream().filter(p -> p.parent() == self).toList();
  }

  @Test
  void numbers_are_read_whatever_a_process_is_called() throws Exception {
    var run =
        start(
            Launches.of(
                "python3",
                "-c",
                "import os,ctypes,time; ctypes.CDLL(None).prctl(15, b'a) Z (b'); print('pid',"
                    + " os.getpid(), flush=True); time.sleep(60)"),
            1);
    var stat = Proc.stat(run.child().pid()).orElseThrow();
    assertThat(stat.parent()).isEqualTo(ProcessHandle.current().pid());
    assertThat(stat.isAlive()).isTrue();
    assertThat(TREE.kill(run.child().id())).isEqualTo(1);
    assertThat(Arrays.asList(stat.session(), stat.pid())).containsOnly(run.child().pid());
  }
}

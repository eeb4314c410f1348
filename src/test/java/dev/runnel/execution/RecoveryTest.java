package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service is killed with its runs under way; the next one ends what is left of them. */
class RecoveryTest {
  private static final Pattern BLANK = Pattern.compile(" ");
  private static final String SCRIPT =
      """
      trap '' TERM HUP
      bash -c 'echo pid $$; exec sleep 60' &
      (env -i bash -c 'echo pid $$; exec sleep 60' &)
      setsid bash -c 'echo pid $$; exec sleep 60' &
      sleep 0.5
      echo pid $$
      echo ready
      for i in {1..600}; do sleep 0.1; done
      """;

  private final String runId = UUID.randomUUID().toString();
  private final List<ProcessId> left = new ArrayList<>();

  /** This JVM is a subreaper too: runs of other tests must not take these for their own strays. */
  private ProcessId crash() throws IOException, InterruptedException {
    var service = ForkedJvm.running(CrashedService.class, runId, SCRIPT).start();
    var lines = new BufferedReader(service.inputReader(StandardCharsets.UTF_8));
    var first = BLANK.split(lines.readLine(), -1);
    for (var line = lines.readLine(); !line.equals("ready"); line = lines.readLine()) {
      long pid = Long.parseLong(BLANK.split(line, -1)[1]);
      Lineage.ofThisJvm().protect(pid);
      left.add(Proc.stat(pid).orElseThrow().id());
    }
    service.destroyForcibly().waitFor();
    assertThat(left).hasSize(4).allMatch(RecoveryTest::isAlive);
    return new ProcessId(Long.parseLong(first[0]), Long.parseLong(first[1]));
  }

  private String recover(ProcessId leader, String bootId) throws IOException {
    var service =
        ForkedJvm.running(
                RecoveredService.class,
                runId,
                Long.toString(leader.pid()),
                Long.toString(leader.startTime()),
                bootId)
            .start();
    return new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static boolean isAlive(ProcessId id) {
    return Proc.stat(id.pid()).filter(s -> s.id().equals(id) && s.isAlive()).isPresent();
  }

  @AfterEach
  void end() {
    for (var id : left) {
      Cull.signal(id, Native.SIGKILL);
      Lineage.ofThisJvm().release(id.pid());
    }
  }

  @Test
  void recovery_ends_the_session_and_whatever_is_marked() throws Exception {
    var leader = crash();
    assertThat(Integer.parseInt(recover(leader, Proc.bootId()))).isBetween(4, 6);
    assertThat(left).noneMatch(RecoveryTest::isAlive);
  }

  @Test
  void a_run_that_was_killed_before_its_note_was_written_is_found_by_its_mark() throws Exception {
    crash();
    var nobody = new ProcessId(0, 0);
    assertThat(Integer.parseInt(recover(nobody, ""))).isBetween(3, 5);
    assertThat(left.stream().filter(RecoveryTest::isAlive)).as("the unmarked one").hasSize(1);
  }

  @Test
  void a_pid_that_came_round_again_is_left_alone() throws Exception {
    var leader = crash();
    var earlier = new ProcessId(leader.pid(), leader.startTime() - 1);
    recover(earlier, Proc.bootId());
    assertThat(left.stream().filter(RecoveryTest::isAlive)).as("the unmarked one").hasSize(1);
  }

  @Test
  void after_a_reboot_only_marks_count() throws Exception {
    var leader = crash();
    recover(leader, "another-boot");
    assertThat(left.stream().filter(RecoveryTest::isAlive)).hasSize(1);
  }
}

package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a run has ended, none of its processes exist. */
@ExtendWith(SharedService.class)
class TreeEndTest {

  /** A number that no other process on this machine sleeps for. */
  private static String unique() {
    return "3" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 100_000_000) + ".5";
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plain           | sleep %s
          in a session    | setsid sleep %s; true
          nohup           | nohup sleep %s; true
          ignoring TERM   | trap '' TERM; sleep %s
          forked twice    | ( ( setsid sleep %s & ) & ) ; sleep %s
          holding stdout  | sleep %s & exec sleep %s
          """)
  void aRunOverItsTimeIsEndedWithEverythingItStarted(String name, String command, Client client) {
    var seconds = unique();
    var script =
        client.create(
            "over-time-" + name.replace(' ', '-'),
            "bash",
            command.replace("%s", seconds),
            Map.of("timeoutMs", 1_000));
    var record = client.ended(client.run(script));
    assertThat(record.get("status").asText()).isEqualTo("timed_out");
    assertThat(record.get("reason").asText()).isEqualTo("run_timeout");
    assertThat(Duration.ofMillis(record.get("durationMs").asLong()))
        .isLessThan(Duration.ofSeconds(6));
    assertThat(record.get("stderrTail").asText()).contains("Run timed out after 1000 ms");
    assertThat(processesWith(seconds)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          background   | bash   | sleep %s & echo done
          without env  | bash   | env -i setsid sleep %s & sleep 0.1; echo done
          forked twice | python | import os, time;\
            (os.fork() == 0 and (os.setsid(), os.fork() == 0 and os.execvp('sleep', ['sleep', '%s']),\
            os._exit(0))); time.sleep(0.1); print('done')
          """)
  void whatASuccessfulScriptLeavesBehindIsEndedWithIt(
      String name, String type, String text, Client client) {
    var seconds = unique();
    var script =
        client.create(
            "leaves-" + name.replace(' ', '-'), type, text.replace("%s", seconds), Map.of());
    var record = client.ended(client.run(script));
    assertThat(record.get("status").asText()).as(record.toString()).isEqualTo("succeeded");
    assertThat(record.get("outputTail").asText()).isEqualTo("done\n");
    assertThat(record.get("durationMs").asLong()).isLessThan(3_000);
    assertThat(processesWith(seconds)).isZero();
    assertThat(record.get("killedProcesses").asInt()).isPositive();
  }

  @Test
  void aProcessThatKillsItselfHasFailedWith137(Client client) {
    var record = client.ended(client.run(client.create("suicide", "bash", "kill -9 $$", Map.of())));
    assertThat(record.get("status").asText()).isEqualTo("failed");
    assertThat(record.get("exitCode").asInt()).isEqualTo(137);
    assertThat(record.get("reason").asText()).isEqualTo("signal");
  }

  @Test
  void aCanceledRunIsEndedAndCannotBeCanceledAgain(Client client) {
    var seconds = unique();
    var run = client.run(client.create("to-cancel", "bash", "echo up; sleep " + seconds, Map.of()));
    client.printing(run);
    client.post("/api/admin/scripts/runs/" + run + "/cancel").expect(202);
    assertThat(client.ended(run).get("status").asText()).isEqualTo("canceled");
    assertThat(processesWith(seconds)).isZero();
    client.post("/api/admin/scripts/runs/" + run + "/cancel").expect(409);
  }

  private static long processesWith(String argument) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(path -> commandLine(path).contains(argument))
          .count();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }
}

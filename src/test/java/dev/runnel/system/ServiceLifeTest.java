package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping and being killed. */
class ServiceLifeTest {
  @TempDir Path home;

  @Test
  void theFirstStartMakesASuperuserAndTheSecondKeepsEverything() throws Exception {
    String script;
    String[] owner;
    try (var service = ServiceProcess.start(home, Map.of())) {
      owner = service.firstSuperuser().orElseThrow();
      var client = Client.basic(service.url(), owner[0], owner[1]);
      script = client.create("kept", "bash", "echo kept", Map.of());
      assertThat(client.ended(client.run(script)).get("status").asText()).isEqualTo("succeeded");
      service.signal("TERM");
      assertThat(service.awaitExit()).isZero();
    }
    try (var service = ServiceProcess.start(home, Map.of())) {
      assertThat(service.firstSuperuser()).isEmpty();
      var client = Client.basic(service.url(), owner[0], owner[1]);
      client.get("/api/admin/scripts/" + script).expect(200);
      assertThat(client.get("/api/admin/scripts/runs").expect(200).at("/items")).hasSize(1);
    }
  }

  @Test
  void aStopGivesRunningRunsTheGraceAndLeavesQueuedOnesForTheNextStart() throws Exception {
    var options =
        Map.of("RUNNEL_SLOTS", "2", "RUNNEL_STOP_GRACE", "1 s", "SCRIPTS_BASH_LOGIN", "false");
    String quick;
    String endless;
    String queued;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      quick = client.run(client.create("quick", "bash", "echo up; sleep 0.6; echo end", Map.of()));
      endless = client.run(client.create("endless", "bash", "echo up; sleep 600", Map.of()));
      client.printing(quick);
      client.printing(endless);
      queued = client.run(client.create("waits", "bash", "echo late", Map.of()));
      service.signal("TERM");
      assertThat(service.awaitExit()).as(service.output()).isZero();
    }
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      assertThat(client.record(quick).get("status").asText()).isEqualTo("succeeded");
      assertThat(client.record(endless).get("status").asText()).isEqualTo("failed");
      assertThat(client.record(endless).get("errorMessage").asText())
          .isEqualTo("Interrupted by server restart");
      assertThat(client.ended(queued).get("status").asText()).isEqualTo("succeeded");
    }
  }

  @Test
  void afterAKillTheNextLifeKnowsWhatHappened() throws Exception {
    var options = Map.of("RUNNEL_SLOTS", "1", "SCRIPTS_BASH_LOGIN", "false");
    String earlier;
    String command;
    String running;
    String queued;
    long sleeper;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      earlier = client.run(client.create("earlier", "bash", "echo before", Map.of()));
      client.ended(earlier);
      awaitsCalls(client);
      command = command(client, "echo kept; exit 3");
      client.ended(command);
      running =
          client.run(
              client.create("running", "bash", "setsid sleep 987654 & echo $!; wait", Map.of()));
      sleeper = Long.parseLong(client.printing(running).get("outputTail").asText().strip());
      queued = client.run(client.create("queued", "bash", "echo after", Map.of()));
      assertThat(client.record(queued).get("status").asText()).isEqualTo("queued");
      service.killHard();
    }
    Awaitility.await().untilAsserted(() -> assertThat(waiting()).isEmpty());
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      assertThat(client.record(earlier).get("outputTail").asText()).isEqualTo("before\n");
      var kept = client.get("/api/scripts/command/" + command).expect(200);
      assertThat(kept.at("/command").asText()).isEqualTo("echo kept; exit 3");
      assertThat(kept.at("/output").asText()).isEqualTo("kept\n");
      assertThat(kept.at("/error").asText()).isEqualTo("exit status 3");
      var lost = client.record(running);
      assertThat(lost.get("status").asText()).isEqualTo("failed");
      assertThat(lost.get("errorMessage").asText()).isEqualTo("Interrupted by server restart");
      assertThat(lost.get("killedProcesses").asInt()).as("bash and sleep").isEqualTo(2);
      assertThat(commandLine(sleeper)).isEmpty();
      assertThat(client.ended(queued).get("outputTail").asText()).isEqualTo("after\n");
      try (var events = Events.of(client, running, 0)) {
        var last = events.take(Integer.MAX_VALUE).getLast();
        assertThat(last.event()).isEqualTo("done");
        assertThat(last.data().get("status").asText()).isEqualTo("failed");
      }
    }
  }

  /** Calls a function, so that interpreters wait for the next call. */
  private void awaitsCalls(Client client) throws Exception {
    var script = Client.JSON.createObjectNode();
    script.put("name", "called.py").put("content", "def called(): return 'yes'");
    client.post("/api/scripts", script).expect(201);
    var body = Client.JSON.createObjectNode().put("function_name", "called");
    for (var time = 1; time <= 2; time++) {
      var answer = client.post("/api/scripts/called.py/execute", body).expect(200);
      assertThat(answer.at("/output").asText()).isEqualTo("yes");
    }
    Awaitility.await().untilAsserted(() -> assertThat(waiting()).isNotEmpty());
  }

  /** The interpreters of this service that wait for a call. */
  private List<String> waiting() throws IOException {
    var library = home.toRealPath().resolve("data/lib/call_mode.py").toString();
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.endsWith(library + " wait"))
        .toList();
  }

  /** Starts a shell command; answers its id. */
  private static String command(Client client, String text) {
    var body = Client.JSON.createObjectNode().put("command", text).put("async", true);
    return client.post("/api/scripts/command", body).expect(200).at("/id").asText();
  }

  @Test
  void aKilledCommandsRunIsEndedByTheServiceBesideItAndByTheNextStart() throws Exception {
    var options = Map.of("RUNNEL_LEASE", "5 s", "SCRIPTS_BASH_LOGIN", "false");
    var script =
        Files.writeString(
            home.resolve("endless.sh"),
            "echo $SCRIPT_RUN_ID $$; trap '' TERM; while sleep 0.1; do :; done");
    String[] beside;
    String[] last;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      beside = killedCommand(options, script);
      assertLost(service.client().ended(beside[0]), beside[1]);
      last = killedCommand(options, script);
      service.killHard();
    }
    try (var service = ServiceProcess.startWithOwner(home, Map.of("RUNNEL_LEASE", "5 min"))) {
      assertLost(service.client().ended(last[0]), last[1]);
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(home.resolve("data")).isDirectoryNotContaining("glob:**command-*"));
    }
  }

  /** Answers the id of its run and the pid of its script, which goes on. */
  private String[] killedCommand(Map<String, String> options, Path script) throws Exception {
    var command = ServiceProcess.launch(home, options, List.of("run", script.toString()));
    try (var lines = command.inputReader()) {
      var said = lines.readLine().split(" ", -1);
      command.destroyForcibly().waitFor();
      assertThat(commandLine(Long.parseLong(said[1]))).isNotEmpty();
      return said;
    }
  }

  private static void assertLost(JsonNode record, String pid) {
    assertThat(record.get("status").asText()).isEqualTo("failed");
    assertThat(record.get("errorMessage").asText()).isEqualTo("Node lost");
    assertThat(record.get("killedProcesses").asInt()).isBetween(1, 3);
    assertThat(commandLine(Long.parseLong(pid))).isEmpty();
  }

  @Test
  void twoHundredStartsAtOnceAllSucceedWithFourSlotsAndLittleMemory() throws Exception {
    try (var service =
        ServiceProcess.startWithOwner(
            home, Map.of("RUNNEL_SLOTS", "4", "SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var script = client.create("many", "bash", "echo $1", Map.of());
      client.ended(client.run(script));
      var before = service.residentBytes();
      var runs = new ArrayList<String>();
      IntStream.range(0, 200)
          .parallel()
          .mapToObj(_ -> client.run(script))
          .forEach(run -> {
            synchronized (runs) {
              runs.add(run);
            }
          });
      assertThat(runs).doesNotHaveDuplicates().hasSize(200);
      assertThat(runs)
          .allSatisfy(
              run -> assertThat(client.ended(run).get("status").asText()).isEqualTo("succeeded"));
      assertThat(service.residentBytes() - before).isLessThan(50L * 1024 * 1024);
    }
  }

  /** Empty when the process is gone or only waits to be buried by its parent. */
  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }
}

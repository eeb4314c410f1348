package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} under load, again and again on the same data. */
@Tag("prove")
class KillProof {
  private static final int LIVES = 20;
  private static final int STARTERS = 8;

  @TempDir Path home;

  @Test
  void everyAcceptedRunReachesOneEndAndNoneRunsTwice() throws Exception {
    var options = Map.of("RUNNEL_SLOTS", "8", "SCRIPTS_BASH_LOGIN", "false");
    var executions = home.resolve("executions");
    Queue<String> accepted = new ConcurrentLinkedQueue<>();
    String script = null;
    for (var life = 0; life < LIVES; life++) {
      var service = ServiceProcess.startWithOwner(home, options);
      var client = service.client();
      if (script == null) {
        script =
            client.create(
                "mortal",
                "bash",
                "echo $SCRIPT_RUN_ID >> " + executions + "; sleep 0.3; echo end",
                Map.of());
      }
      killUnderLoad(service, client, script, accepted);
    }
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      for (var run : accepted) {
        assertThat(client.ended(run).get("status").asText()).isIn("succeeded", "failed");
      }
      List<String> executed = Files.readAllLines(executions);
      assertThat(executed).doesNotHaveDuplicates();
      System.out.printf(
          "%d kills: %d accepted, %d executed, none lost, none twice%n",
          LIVES, accepted.size(), executed.size());
    }
  }

  private static void killUnderLoad(
      ServiceProcess service, Client client, String script, Queue<String> accepted)
      throws InterruptedException {
    var enough = new CountDownLatch(60);
    try (var starters = Executors.newFixedThreadPool(STARTERS)) {
      for (var i = 0; i < STARTERS; i++) {
        var _ = starters.submit(() -> startUntilItDies(client, script, accepted, enough));
      }
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      service.killHard();
      starters.shutdownNow();
    }
  }

  private static void startUntilItDies(
      Client client, String script, Queue<String> accepted, CountDownLatch enough) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        accepted.add(client.run(script));
        enough.countDown();
      }
    } catch (RuntimeException | AssertionError died) {
      enough.countDown();
    }
  }
}

package dev.runnel.store;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.Trigger;
import dev.runnel.script.Concurrency;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What an engine would send. */
final class Starts {
  static final Meta META = new Meta("commandLine", null, "command_line", null, null, null);

  /** How many may wait for one lock. */
  static final int LOCK_QUEUE = 20;

  private Starts() {}

  static Script script(Store store, Concurrency concurrency) {
    return script(store, concurrency, Turns.DEFAULT);
  }

  static Script script(Store store, Concurrency concurrency, Turns turns) {
    var name = "s" + UUID.randomUUID();
    return store.ask(
        new ScriptAsk.Create(
            new ScriptDraft(
                name,
                null,
                null,
                "",
                Language.BASH,
                Runner.HOST,
                "echo " + name,
                "/srv",
                List.of(new EnvVariable("KEY", "value")),
                null,
                true,
                concurrency,
                new Limits(1L, null, 3L, null, null),
                turns)));
  }

  static RunWrite.Lease life(Store store) {
    return life(store, UUID.randomUUID()).lease();
  }

  static RunWrite.Life life(Store store, UUID node) {
    return store.ask(
        new RunWrite.BeginLife(new RunWrite.Node(node, "host", "boot", ""), Instant.now()));
  }

  /** Ends all that the life has found left, two processes killed of each. */
  static int endLeft(Store store, RunWrite.Life life) {
    var killed =
        life.left().stream()
            .collect(java.util.stream.Collectors.toMap(RunWrite.LeftRun::id, _ -> 2));
    return store.ask(
        new RunWrite.EndLeft(
            life.lease(), life.left(), killed, "Interrupted by restart", Instant.now()));
  }

  static RunRequest request(Script script) {
    return request(script, Door.BOSBASE);
  }

  static RunRequest request(Script script, Door door) {
    return request(script, door, List.of("a", ""), Map.of());
  }

  static RunRequest request(
      Script script, Door door, List<String> args, Map<String, String> headers) {
    return RunRequest.of(
        script,
        door,
        Trigger.API,
        args,
        null,
        List.of(new EnvVariable("RUN", "1")),
        null,
        Duration.ofSeconds(30),
        META,
        headers::get);
  }

  static RunRequest adHoc(String text) {
    return RunRequest.adHoc(
        new ScriptStamp("adhoc", "", Language.PYTHON, Runner.HOST, 0, RunRequest.sha256(text)),
        text,
        List.of(),
        List.of(),
        "",
        Duration.ofSeconds(30),
        Limits.DEFAULT,
        Door.COMMAND_LINE,
        META);
  }

  static RunWrite.Insert insert(RunRequest request, RunWrite.Lease lease, boolean slotFree) {
    return new RunWrite.Insert(
        UuidCreator.getTimeOrderedEpoch(), Instant.now(), request, lease, slotFree, LOCK_QUEUE);
  }

  /** An ad-hoc run that is running now. */
  static Run running(Store store, RunWrite.Lease lease) {
    var inserted = store.ask(insert(adHoc("print(1)"), lease, true));
    if (!inserted.running()) {
      throw new IllegalStateException("Something waits before it");
    }
    return inserted.run();
  }

  static RunEvent.Log log(long seq, Output output, String text) {
    return new RunEvent.Log(seq, Instant.now(), output, text.getBytes(StandardCharsets.UTF_8));
  }

  static RunWrite.Finish succeed(Run run, RunWrite.Lease lease) {
    return finish(run, lease, RunStatus.SUCCEEDED, run.lastSeq() + 1, List.of());
  }

  /** Ends the run with these events, then {@code status} and {@code done} from {@code seq} on. */
  static RunWrite.Finish finish(
      Run run, RunWrite.Lease lease, RunStatus status, long seq, List<RunEvent> before) {
    var now = Instant.now();
    var events = new java.util.ArrayList<>(before);
    events.add(new RunEvent.Status(seq, now, status, 0));
    events.add(new RunEvent.Done(seq + 1, now, status, 0, OutputTotals.NONE));
    return new RunWrite.Finish(
        run.id(),
        lease,
        now,
        now,
        events,
        new Outcome(status, Reason.EXIT, 0, "SIGTERM", null, 2, Duration.ofMillis(5), 4_096L),
        null,
        OutputTotals.NONE,
        false,
        null,
        seq + 1);
  }
}

package dev.runnel.http;

import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stop-gap for the engine: one run, its events in memory and who waits for them. */
final class MemoryRun {
  final UUID id = UUID.randomUUID();
  final RunRequest request;
  final long taskId;
  final Instant created = Instant.now();
  private final List<RunEvent> events = new ArrayList<>();
  private final List<Promise<Page>> waiting = new ArrayList<>();
  private RunStatus status = RunStatus.QUEUED;
  private @Nullable Instant started;
  private @Nullable Instant finished;
  private @Nullable Outcome outcome;
  private OutputTotals totals = OutputTotals.NONE;
  @Nullable Process process;
  @Nullable RunStatus wanted;

  MemoryRun(RunRequest request, long taskId) {
    this.request = request;
    this.taskId = taskId;
  }

  synchronized void started() {
    status = RunStatus.RUNNING;
    started = Instant.now();
    add(new RunEvent.Status(seq(), started, status, null));
  }

  synchronized void printed(Output output, byte[] bytes) {
    add(new RunEvent.Log(seq(), Instant.now(), output, bytes));
  }

  /** Anything, also what no engine of ours would say yet. */
  synchronized void add(RunEvent event) {
    events.add(event);
    waiting.forEach(waiter -> waiter.tryComplete(Page.NOTHING_YET));
    waiting.clear();
  }

  synchronized void ended(RunStatus end, @Nullable Integer exitCode, @Nullable String message) {
    if (status.isTerminal()) {
      return;
    }
    status = end;
    finished = Instant.now();
    var reason = end == RunStatus.FAILED ? Reason.EXIT : null;
    outcome = new Outcome(end, reason, exitCode, null, message, 0, null, null);
    totals =
        new OutputTotals(bytes(Output.STDOUT).length, bytes(Output.STDERR).length, "0a", "0b", 1);
    events.add(new RunEvent.Status(seq(), finished, end, exitCode));
    add(new RunEvent.Done(seq(), finished, end, exitCode, totals));
  }

  synchronized RunStatus status() {
    return status;
  }

  synchronized long seq() {
    return events.size() + 1L;
  }

  synchronized Page after(long since, int maxBytes) {
    var page = new ArrayList<RunEvent>();
    var left = maxBytes;
    for (var event : events) {
      if (event.seq() > since && (left > 0 || page.isEmpty())) {
        page.add(event);
        left -= event.weight();
      }
    }
    var reached = page.isEmpty() ? since : page.getLast().seq();
    return new Page(page, status.isTerminal() && reached >= events.getLast().seq());
  }

  /** Completes when something happens, or at once when there is something after {@code since}. */
  synchronized Promise<Page> waitAfter(long since) {
    var promise = Promise.<Page>promise();
    if (seq() - 1 > since || status.isTerminal()) {
      promise.complete(Page.NOTHING_YET);
    } else {
      waiting.add(promise);
    }
    return promise;
  }

  synchronized byte[] bytes(@Nullable Output output) {
    var bytes = new ByteArrayOutputStream();
    for (var event : events) {
      if (event instanceof RunEvent.Log log && (output == null || log.output() == output)) {
        bytes.writeBytes(log.bytes());
      }
    }
    return bytes.toByteArray();
  }

  synchronized Run record() {
    var invocation = request.invocation();
    return new Run(
        id,
        taskId,
        request.scriptId(),
        invocation.script(),
        new Run.Request(invocation.args(), invocation.function(), invocation.timeout()),
        request.door(),
        request.trigger(),
        status,
        request.meta(),
        created,
        started,
        finished,
        Instant.now(),
        outcome,
        null,
        totals,
        false,
        null,
        events.size());
  }
}

package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Ends in the records what a life of a node left running. */
final class Recovery {
  private static final int PAGE_BYTES = 1 << 20;

  private final RunLogTable log;
  private final RunTable runs;

  Recovery(RunLogTable log, RunTable runs) {
    this.log = log;
    this.runs = runs;
  }

  /** Run by run, each with one read of its stored output; interrupted, it is asked again. */
  Future<Integer> end(RunWrite.EndLeft left) {
    Future<Integer> ended = Future.succeededFuture(0);
    for (var run : left.runs()) {
      ended = ended.compose(before -> end(left, run).map(mine -> mine ? before + 1 : before));
    }
    return ended;
  }

  private Future<Boolean> end(RunWrite.EndLeft left, RunWrite.LeftRun run) {
    return read(run.id(), new Stored())
        .compose(stored ->
            runs.find(run.id())
                .compose(found -> runs.finish(finish(left, run, stored, found.orElseThrow()))));
  }

  private static RunWrite.Finish finish(
      RunWrite.EndLeft left, RunWrite.LeftRun run, Stored stored, Run record) {
    var now = left.now();
    var killed = left.killed().getOrDefault(run.id(), 0);
    var lost = stored.missingAtTheEnd(record, now);
    var totals = stored.gap ? record.totals() : stored.totals();
    var seq = stored.lastSeq;
    var events = new ArrayList<RunEvent>();
    lost.ifPresent(events::add);
    events.add(new RunEvent.Status(seq + 1, now, RunStatus.FAILED, null));
    events.add(new RunEvent.Done(seq + 2, now, RunStatus.FAILED, null, totals));
    return new RunWrite.Finish(
        run.id(),
        left.lease(),
        run.startedAt(),
        now,
        events,
        new Outcome(RunStatus.FAILED, Reason.LOST, null, null, left.message(), killed, null, null),
        null,
        totals,
        stored.gap,
        run.lastOutputAt(),
        seq + 2);
  }

  private Future<Stored> read(UUID id, Stored soFar) {
    return log.events(id, soFar.lastSeq, PAGE_BYTES)
        .compose(page -> {
          soFar.add(page);
          return page.events().isEmpty() ? Future.succeededFuture(soFar) : read(id, soFar);
        });
  }

  /** What is stored of a run's output. */
  private static final class Stored {
    private final MessageDigest stdout = sha256();
    private final MessageDigest stderr = sha256();
    private long stdoutBytes;
    private long stderrBytes;
    private long lines;
    private long lastSeq;
    private long gapBytes;
    private boolean gap;

    void add(Page page) {
      for (var event : page.events()) {
        lastSeq = event.seq();
        switch (event) {
          case RunEvent.Log log -> add(log);
          case RunEvent.Gap dropped -> {
            gap = true;
            gapBytes += dropped.bytes();
          }
          case RunEvent.Status _, RunEvent.Result _, RunEvent.Done _ -> {}
        }
      }
    }

    /**
     * Over the log limit the record is newer than the stored tail: what it counts and nobody has.
     * From here on that belongs to what is stored.
     */
    Optional<RunEvent> missingAtTheEnd(Run record, Instant now) {
      var printed = record.totals().stdoutBytes() + record.totals().stderrBytes();
      var bytes = printed - stdoutBytes - stderrBytes - gapBytes;
      if (bytes <= 0 || record.lastSeq() <= lastSeq) {
        return Optional.empty();
      }
      var from = lastSeq + 1;
      lastSeq = record.lastSeq();
      gap = true;
      return Optional.of(new RunEvent.Gap(lastSeq, now, from, bytes));
    }

    private void add(RunEvent.Log log) {
      switch (log.output()) {
        case STDOUT -> {
          stdout.update(log.bytes());
          stdoutBytes += log.bytes().length;
        }
        case STDERR -> {
          stderr.update(log.bytes());
          stderrBytes += log.bytes().length;
        }
      }
      lines += log.lines();
    }

    OutputTotals totals() {
      return new OutputTotals(
          stdoutBytes,
          stderrBytes,
          HexFormat.of().formatHex(stdout.digest()),
          HexFormat.of().formatHex(stderr.digest()),
          lines);
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException missing) {
        throw new IllegalStateException("Every Java platform has SHA-256", missing);
      }
    }
  }
}

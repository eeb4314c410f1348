package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.Reason;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Ends what the former life of a node left running. */
final class Recovery {
  private static final int PAGE_BYTES = 1 << 20;

  private final NodeTable nodes;
  private final RunLogTable log;
  private final RunTable runs;

  Recovery(NodeTable nodes, RunLogTable log, RunTable runs) {
    this.nodes = nodes;
    this.log = log;
    this.runs = runs;
  }

  /** Run by run, each with one read of its stored output; interrupted, the next life goes on. */
  Future<RunWrite.Life> begin(RunWrite.BeginLife life) {
    return nodes
        .begin(life)
        .compose(begun -> {
          var lost = new ArrayList<UUID>();
          Future<?> all = Future.succeededFuture();
          for (var run : begun.runs()) {
            all =
                all.compose(_ -> end(life, begun.lease(), run))
                    .onSuccess(ended -> {
                      if (ended) {
                        lost.add(run.id());
                      }
                    });
          }
          return all.map(_ -> new RunWrite.Life(begun.lease(), List.copyOf(lost)));
        });
  }

  private Future<Boolean> end(
      RunWrite.BeginLife life, RunWrite.Lease lease, NodeTable.Inherited run) {
    return read(run.id(), new Stored())
        .compose(stored -> runs.finish(finish(life, lease, run, stored)));
  }

  private static RunWrite.Finish finish(
      RunWrite.BeginLife life, RunWrite.Lease lease, NodeTable.Inherited run, Stored stored) {
    var now = life.now();
    var seq = stored.lastSeq;
    var totals = stored.totals();
    return new RunWrite.Finish(
        run.id(),
        lease,
        run.startedAt(),
        now,
        List.of(
            new RunEvent.Status(seq + 1, now, RunStatus.FAILED, null),
            new RunEvent.Done(seq + 2, now, RunStatus.FAILED, null, totals)),
        Outcome.neverStarted(RunStatus.FAILED, Reason.LOST, life.message()),
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
    private boolean gap;

    void add(Page page) {
      for (var event : page.events()) {
        lastSeq = event.seq();
        gap |= event instanceof RunEvent.Gap;
        if (event instanceof RunEvent.Log log) {
          add(log);
        }
      }
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
      for (var one : log.bytes()) {
        lines += one == '\n' ? 1 : 0;
      }
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

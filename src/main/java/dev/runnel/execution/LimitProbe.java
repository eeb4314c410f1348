package dev.runnel.execution;

import dev.runnel.execution.Cgroups.Controller;
import dev.runnel.run.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Proves each limit: a tiny script goes over it, after it has tried to raise it. Every script ends
 * by itself within seconds and takes little even where nothing stops it.
 */
final class LimitProbe {
  private static final long PATIENCE_SECONDS = 10;

  private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

  /** The violation went unpunished only because the script had raised its own limit. */
  private static final int RAISED = 3;

  /** What is proved. */
  enum Subject {
    CPU,
    MEMORY,
    PROCESSES,
    OPEN_FILES,
    FILE_SIZE,
    END;

    private RunLimits limits() {
      return switch (this) {
        case CPU -> new RunLimits(Duration.ofMillis(50), null, null, null, null);
        case MEMORY -> new RunLimits(null, 24L << 20, null, null, null);
        case PROCESSES -> new RunLimits(null, null, 4L, null, null);
        case OPEN_FILES -> new RunLimits(null, null, null, 12L, null);
        case FILE_SIZE -> new RunLimits(null, null, null, null, 64L << 10);
        case END -> RunLimits.NONE;
      };
    }

    private String script() {
      return switch (this) {
        case CPU -> "i=0; while [ $i -lt 2000000 ]; do i=$((i+1)); done"; // about two seconds
        case MEMORY -> "{ head -c 48000000 /dev/zero; sleep 3; } | tail -n 1";
        case PROCESSES -> "for i in 1 2 3 4 5 6 7 8; do sleep 3 & done; wait";
        case OPEN_FILES ->
            """
            n=0; while [ "$(ulimit -n)" -gt 12 ] && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.02; done
            all="/dev/null /dev/null /dev/null /dev/null /dev/null"
            over() { paste $all $all $all >/dev/null 2>&1; }
            over && exit 4
            ulimit -n 64 2>/dev/null
            over && exit 3
            exit 0
            """;
        case FILE_SIZE ->
            """
            n=0; while [ "$(ulimit -f)" = unlimited ] && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.02; done
            file=$(mktemp) || exit 5
            code=0
            over() { (head -c 200000 /dev/zero >"$file") 2>/dev/null; [ "$(wc -c <"$file")" -gt 65536 ]; }
            if over; then code=4; else ulimit -f unlimited 2>/dev/null; if over; then code=3; fi; fi
            rm -f "$file"
            exit $code
            """;
        // Out of session, tree and environment at once.
        case END -> "(env -i setsid sleep 5 >/dev/null 2>&1 &)";
      };
    }
  }

  /**
   * What was found out about one limit.
   *
   * @param how what enforces it, or why nothing does
   */
  record Proof(boolean enforced, String how) {}

  private final ProcessHost host;

  LimitProbe(ProcessHost host) {
    this.host = host;
  }

  /** Tries all of them; blocks for about half a second, at most for some. */
  Map<Subject, Proof> prove() {
    var proofs = prove(EnumSet.complementOf(EnumSet.of(Subject.END)));
    // Alone: the end of any other run takes processes without a sign of theirs with it.
    proofs.putAll(prove(EnumSet.of(Subject.END)));
    return proofs;
  }

  private Map<Subject, Proof> prove(Set<Subject> subjects) {
    var trials = new EnumMap<Subject, Trial>(Subject.class);
    var proofs = new EnumMap<Subject, Proof>(Subject.class);
    for (var subject : subjects) {
      try {
        trials.put(subject, new Trial(subject));
      } catch (StartFailed failure) {
        proofs.put(subject, new Proof(false, "the probe could not start: " + failure.getMessage()));
      }
    }
    trials.forEach((subject, trial) -> proofs.put(subject, trial.proof()));
    return proofs;
  }

  /** One script under one limit. */
  private final class Trial implements ChildListener {
    private final Subject subject;
    private final Child child;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final CompletableFuture<Breach> breach = new CompletableFuture<>();

    Trial(Subject subject) throws StartFailed {
      this.subject = subject;
      this.child =
          host.start(
              new Launch(
                  List.of("sh", "-c", subject.script()),
                  Map.of("PATH", PATH, Launch.RUN_ID, "probe-" + UUID.randomUUID()),
                  Path.of("/"),
                  null,
                  subject.limits()),
              this);
      host.watch(child, subject.limits(), breach::complete);
    }

    Proof proof() {
      try {
        CompletableFuture.anyOf(exit, breach).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        int killed = host.kill(child);
        int code = exit.get(PATIENCE_SECONDS, TimeUnit.SECONDS).code();
        return switch (subject) {
          case CPU -> counted("by the engine, which counts all processes", "beside rlimits");
          case MEMORY -> counted(counter(Controller.MEMORY), null);
          case PROCESSES -> counted(counter(Controller.PIDS), null);
          case OPEN_FILES, FILE_SIZE -> byRlimit(code);
          case END -> ended(killed);
        };
      } catch (TimeoutException | ExecutionException hangs) {
        host.kill(child);
        return new Proof(false, "the probe did not end");
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        host.kill(child);
        return new Proof(false, "the probe was interrupted");
      }
    }

    private String counter(Controller controller) {
      return host.groups().limit(controller)
          ? "by a cgroup v2 of each run"
          : "by the engine, which counts all processes";
    }

    private Proof counted(String how, @Nullable String also) {
      if (!breach.isDone()) {
        return new Proof(false, "not enforced: the probe went over it and was not stopped");
      }
      return new Proof(true, also == null ? how : how + ", " + also);
    }

    private static Proof byRlimit(int code) {
      return switch (code) {
        case 0 -> new Proof(true, "by rlimits");
        case RAISED ->
            new Proof(
                false,
                "set, but not enforced: scripts run as root and can raise it again; set"
                    + " RUNNEL_RUN_AS");
        default -> new Proof(false, "not enforced: the probe went over it and was not stopped");
      };
    }

    private static Proof ended(int killed) {
      return killed >= 1
          ? new Proof(true, "a process that left its session, tree and environment was ended")
          : new Proof(false, "a process that left its session and tree was not found again");
    }

    @Override
    public void output(Output stream, byte[] bytes) {
      // Nobody reads it.
    }

    @Override
    public void closed(Output stream) {
      // The end is what counts.
    }

    @Override
    public void exited(ExitStatus status) {
      exit.complete(status);
    }
  }
}

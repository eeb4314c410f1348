package dev.runnel.execution;

import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.RunStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why we end a run before it ends by itself. */
sealed interface Stop {

  /** Its time is over. */
  record TimedOut(Duration limit) implements Stop {}

  /** Its process came too late. */
  record StartTimedOut(Duration limit) implements Stop {}

  /** Somebody asked for it. */
  record Canceled(boolean byClient) implements Stop {}

  /** It went over a limit: there is no grace, while it lasts it harms others. */
  record OverLimit(Breach breach) implements Stop {}

  /** The service is stopping. */
  record Interrupted() implements Stop {}

  /** Another node has taken the run over: nothing we write about it counts any more. */
  record TakenOver() implements Stop {}

  default RunStatus status() {
    return switch (this) {
      case TimedOut _ -> RunStatus.TIMED_OUT;
      case Canceled _ -> RunStatus.CANCELED;
      case OverLimit _, StartTimedOut _, Interrupted _, TakenOver _ -> RunStatus.FAILED;
    };
  }

  default @Nullable Reason reason() {
    return switch (this) {
      case TimedOut _ -> Reason.RUN_TIMEOUT;
      case StartTimedOut _ -> Reason.COULD_NOT_START;
      case Canceled(var byClient) -> byClient ? Reason.CANCELED_BY_CLIENT : null;
      case OverLimit(var breach) -> breach.reason();
      case Interrupted _, TakenOver _ -> Reason.LOST;
    };
  }

  default @Nullable String message() {
    return switch (this) {
      case TimedOut(var limit) -> "Run timed out after " + limit.toMillis() + " ms";
      case StartTimedOut(var limit) ->
          "Start time-out: the process could not be started within " + limit.toMillis() + " ms";
      case Canceled _ -> null;
      case OverLimit(var breach) -> breach.message();
      case Interrupted _ -> NodeHome.INTERRUPTED;
      case TakenOver _ -> Aftermath.NODE_LOST;
    };
  }

  /** The outcome of a run that was stopped while it ran. */
  default Outcome outcome(ExitStatus exit, String signal, int killed) {
    return new Outcome(
        status(),
        reason(),
        exit.code(),
        signal,
        message(),
        killed,
        exit.cpu(),
        exit.peakMemoryBytes());
  }
}

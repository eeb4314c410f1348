package dev.runnel.http.admin;

import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.run.RunRequest;
import dev.runnel.script.EnvVariable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a start may be given; all of it optional.
 *
 * @param timeout null: the definition's
 * @param patience how long the caller waits for the end; zero: not at all
 * @param queueTimeout how long the run may wait for its turn; null: without limit
 * @param priority null: the definition's
 */
record RunInput(
    List<EnvVariable> env,
    List<String> args,
    @Nullable Duration timeout,
    Duration patience,
    @Nullable Duration queueTimeout,
    @Nullable Integer priority) {
  private static final long MAX_WAIT_MS = 60_000;
  private static final long MIN_TIMEOUT_MS = 100;
  private static final long MAX_QUEUE_TIMEOUT_MS = 86_400_000;

  /** {@code longest} is the most that a start may ask for. */
  static RunInput of(Fields body, Duration longest) {
    var args = body.scalars("args");
    var timeoutMs = body.integer("timeoutMs");
    var waitMs = body.integer("wait");
    var queueTimeoutMs = body.integer("queueTimeoutMs");
    return new RunInput(
        EnvInput.ofStart(body),
        args == null ? List.of() : List.copyOf(args),
        timeoutMs == null || timeoutMs == 0
            ? null
            : millis("timeoutMs", timeoutMs, MIN_TIMEOUT_MS, longest.toMillis()),
        waitMs == null ? Duration.ZERO : millis("wait", waitMs, 0, MAX_WAIT_MS),
        queueTimeoutMs == null || queueTimeoutMs == 0
            ? null
            : millis("queueTimeoutMs", queueTimeoutMs, MIN_TIMEOUT_MS, MAX_QUEUE_TIMEOUT_MS),
        TurnInput.priority(body));
  }

  /** The same start with the caller's own wishes about its turn. */
  RunRequest turned(RunRequest request) {
    var turned = priority == null ? request : request.prioritised(priority);
    return queueTimeout == null ? turned : turned.waitingAtMost(queueTimeout);
  }

  private static Duration millis(String field, long given, long min, long max) {
    if (given < min || given > max) {
      throw new Problem.Invalid(field, field + " must be from " + min + " to " + max);
    }
    return Duration.ofMillis(given);
  }
}

package dev.runnel.problem;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A request that cannot be answered as asked. One sealed family for the whole service: stores and
 * engine throw it, every dialect maps it to its own status and message in one {@code switch}.
 */
public abstract sealed class Problem extends RuntimeException {

  private Problem(String message) {
    // Problems are answers, not bugs: no stack trace.
    super(message, null, false, false);
  }

  /**
   * One field that is wrong; {@code field} is the domain's name of it, empty for the whole body.
   */
  public record Detail(String field, String message) {}

  /** What was looked for. */
  public enum Kind {
    SCRIPT,
    RUN,
    PERMISSION,
    COMMAND,
    ACCOUNT,
    COLLECTION
  }

  /** The request contradicts a rule; says which field and what is allowed. */
  public static final class Invalid extends Problem {
    private final List<Detail> details;

    public Invalid(List<Detail> details) {
      super(details.isEmpty() ? "Invalid request" : details.getFirst().message());
      this.details = List.copyOf(details);
    }

    public Invalid(String field, String message) {
      this(List.of(new Detail(field, message)));
    }

    public List<Detail> details() {
      return details;
    }
  }

  /** Nothing by that name or id. */
  public static final class NotFound extends Problem {
    private final Kind kind;

    public NotFound(Kind kind, String key) {
      super("No such " + kind.name().toLowerCase(java.util.Locale.ROOT) + ": " + key);
      this.kind = kind;
    }

    public Kind kind() {
      return kind;
    }
  }

  /** A unique field whose value somebody else has. */
  public static final class Taken extends Problem {
    private final String field;

    /** {@code field} is the domain's name of it, as {@code codeIdentifier} or {@code email}. */
    public Taken(String field) {
      super(field + " already exists");
      this.field = field;
    }

    public String field() {
      return field;
    }
  }

  /** The caller's expected version is not the stored one. */
  public static final class Stale extends Problem {
    public Stale(long expected, long actual) {
      super("Version " + expected + " is stale, the stored version is " + actual);
    }
  }

  /** The script is switched off. */
  public static final class Disabled extends Problem {
    public Disabled() {
      super("Script is disabled");
    }
  }

  /** A {@code single} script that runs already. */
  public static final class Busy extends Problem {
    private final UUID activeRun;

    public Busy(UUID activeRun) {
      super("Script is already running");
      this.activeRun = activeRun;
    }

    public UUID activeRun() {
      return activeRun;
    }
  }

  /** An {@code Idempotency-Key} that already stands for something else. */
  public static final class KeyReused extends Problem {
    public KeyReused(String why) {
      super(why);
    }
  }

  /** No slot is free and the queue is full, or the wait for a slot is over. */
  public static final class QueueFull extends Problem {
    private final Duration retryAfter;

    public QueueFull(Duration retryAfter) {
      this("Too many runs are waiting", retryAfter);
    }

    public QueueFull(String what, Duration retryAfter) {
      super(what + "; try again in " + retryAfter.toSeconds() + " s");
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The run has ended; {@code status} is its end state as on the wire. */
  public static final class AlreadyEnded extends Problem {
    private final String status;

    public AlreadyEnded(String status) {
      super("Run already finished");
      this.status = status;
    }

    public String status() {
      return status;
    }
  }

  /** A part that the answer needs is away (the database, a service that is stopping). */
  public static final class Unavailable extends Problem {
    private final Duration retryAfter;

    public Unavailable(String what, Duration retryAfter) {
      super(what + "; try again in " + retryAfter.toSeconds() + " s");
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** Too many failed logins from there. */
  public static final class Throttled extends Problem {
    private final Duration retryAfter;

    public Throttled(Duration retryAfter) {
      super("Too many failed logins; try again in " + retryAfter.toSeconds() + " s");
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }
}

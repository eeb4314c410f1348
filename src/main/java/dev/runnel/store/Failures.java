package dev.runnel.store;

import dev.runnel.problem.Problem;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What a database failure means to those who asked. */
final class Failures {
  /**
   * SQLSTATE classes of a server that cannot work now: connection, transaction ended by a failover,
   * resources (disk, memory, connections), operator intervention, system error.
   */
  private static final Set<String> AWAY = Set.of("08", "25", "53", "57", "58");

  private static final Set<String> WORTH_ANOTHER_TRY = Set.of("40001", "40P01");
  private static final String UNIQUE = "23505";
  private static final String CHECK = "23514";

  /** Ours: see the migration that adds the key's trigger. */
  private static final String OLD_SEAL = "RK001";

  private Failures() {}

  static Problem.Unavailable away() {
    return away("The database does not answer");
  }

  static Problem.Unavailable away(String how) {
    return new Problem.Unavailable(how, Duration.ofSeconds(2));
  }

  /** A {@link Problem} where there is one, else the failure itself: a bug. */
  static Throwable meaning(Throwable failure) {
    return switch (failure) {
      case PgException sql when AWAY.contains(sql.getSqlState().substring(0, 2)) -> away();
      case PgException _ when isOldSeal(failure) -> away("The secret key has just been changed");
      case PgException sql -> rule(sql);
      // A closed connection, a full or closed pool.
      case IOException _, TimeoutException _, VertxException _ -> away();
      default -> failure;
    };
  }

  /** Whether the value was sealed with a key that was changed. */
  static boolean isOldSeal(Throwable failure) {
    return failure instanceof PgException sql && OLD_SEAL.equals(sql.getSqlState());
  }

  /** Whether two writers only got in each other's way. */
  static boolean isWorthAnotherTry(Throwable failure) {
    return failure instanceof PgException sql && WORTH_ANOTHER_TRY.contains(sql.getSqlState());
  }

  /** Whether this unique index refused the write. */
  static boolean isConflict(Throwable failure, String index) {
    return failure instanceof PgException sql
        && UNIQUE.equals(sql.getSqlState())
        && index.equals(sql.getConstraint());
  }

  private static Throwable rule(PgException sql) {
    var constraint = sql.getConstraint() == null ? "" : sql.getConstraint();
    return switch (sql.getSqlState()) {
      case UNIQUE ->
          switch (constraint) {
            case "scripts_name_key" -> new Problem.Taken("name");
            case "scripts_code_identifier_key" -> new Problem.Taken("codeIdentifier");
            case "script_permissions_name_key" -> new Problem.Taken("scriptName");
            case "accounts_email_key" -> new Problem.Taken("email");
            case "accounts_pkey" -> new Problem.Taken("id");
            default -> sql;
          };
      case CHECK ->
          switch (constraint) {
            case "scripts_runner_check" ->
                new Problem.Invalid("runner", "This runner does not run scripts of this language");
            case "scripts_limit_check" ->
                new Problem.Invalid(
                    "concurrencyLimit",
                    "A single script has one run at a time; concurrencyLimit goes with queue or"
                        + " parallel");
            case "scripts_key_check" ->
                new Problem.Invalid(
                    "concurrencyKey",
                    "concurrencyKey says what a limit counts; a parallel script needs a"
                        + " concurrencyLimit for it");
            default -> sql;
          };
      default -> sql;
    };
  }
}

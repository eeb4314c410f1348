package dev.runnel.http.bosbase;

import dev.runnel.run.Run;
import dev.runnel.run.RunStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a run did not succeed, in words. */
final class RunFailure {
  private RunFailure() {}

  static String text(RunStatus status, @Nullable Integer exitCode, Optional<Run> record) {
    var outcome = record.map(Run::outcome);
    var message = outcome.map(o -> o.errorMessage() == null ? "" : o.errorMessage()).orElse("");
    if (!message.isEmpty()) {
      return message;
    }
    return switch (status) {
      case CANCELED -> "canceled";
      case TIMED_OUT -> "timed out";
      case FAILED, SUCCEEDED, QUEUED, RUNNING ->
          exitCode == null ? "failed" : "exit status " + exitCode;
    };
  }
}

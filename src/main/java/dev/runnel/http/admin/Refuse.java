package dev.runnel.http.admin;

import dev.runnel.http.Answer;
import dev.runnel.http.DialectError;

/** Errors that only this dialect has. */
final class Refuse extends DialectError {
  private final int status;

  private Refuse(int status, String message) {
    super(message);
    this.status = status;
  }

  static Refuse browserScript() {
    return new Refuse(400, "browser scripts run in the UI only");
  }

  static Refuse unknownRun() {
    return new Refuse(404, "Script run not found");
  }

  @Override
  protected Answer answer() {
    return Errors.error(status, String.valueOf(getMessage()));
  }
}

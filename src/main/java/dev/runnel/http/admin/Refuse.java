package dev.runnel.http.admin;

import dev.runnel.http.Answer;
import dev.runnel.http.DialectError;
import dev.runnel.run.Run;

/** Errors that only this dialect has. */
final class Refuse extends DialectError {
  private final transient Answer answer;

  private Refuse(int status, String message) {
    this(Errors.error(status, message), message);
  }

  private Refuse(Answer answer, String message) {
    super(message);
    this.answer = answer;
  }

  static Refuse browserScript() {
    return new Refuse(400, "browser scripts run in the UI only");
  }

  static Refuse unknownRun() {
    return new Refuse(404, "Script run not found");
  }

  static Refuse stillActive(Run run) {
    var message = "Run has not ended yet; cancel it or wait for its end to run it again";
    var body = new Errors.Body(message, null, run.id().toString(), run.status().wire());
    return new Refuse(Answer.json(409, body), message);
  }

  static Refuse textIsGone() {
    return new Refuse(
        410, "The script of this run was deleted and its text with it; it cannot be run again");
  }

  @Override
  protected Answer answer() {
    return answer;
  }
}

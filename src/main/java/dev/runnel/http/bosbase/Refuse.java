package dev.runnel.http.bosbase;

import dev.runnel.http.Answer;
import dev.runnel.http.DialectError;
import java.util.Map;

/** Errors that only this dialect has. */
final class Refuse extends DialectError {
  static final String VALIDATING = "An error occurred while validating the submitted data.";

  private final int status;
  private final transient Object data;

  private Refuse(int status, String message, Object data) {
    super(message);
    this.status = status;
    this.data = data;
  }

  /** One field that is wrong, as {@code data} names it. */
  record FieldError(String code, String message) {}

  static Refuse fields(String message, Map<String, FieldError> fields) {
    return new Refuse(400, message, fields);
  }

  static Refuse badRequest(String message) {
    return new Refuse(400, message, Map.of());
  }

  static Refuse wrongCredentials() {
    return new Refuse(400, "Failed to authenticate.", Map.of());
  }

  static Refuse unauthorized(String message) {
    return new Refuse(401, message, Map.of());
  }

  static Refuse forbidden(String message) {
    return new Refuse(403, message, Map.of());
  }

  static Refuse failed(String message) {
    return new Refuse(500, message, Map.of());
  }

  static Refuse failedScript(Object data) {
    return new Refuse(500, "Script execution failed.", data);
  }

  static Refuse failedCommand(Object data) {
    return new Refuse(500, "Failed to execute command.", data);
  }

  static Refuse failedModule(Object data) {
    return new Refuse(500, "Failed to execute WASM function.", data);
  }

  @Override
  protected Answer answer() {
    return Errors.error(status, String.valueOf(getMessage()), data);
  }
}

package dev.runnel.http.bosbase;

import dev.runnel.auth.Passwords;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is wrong with the fields of one body, one error for each of them: the first that is told.
 */
final class FieldErrors {
  static final Refuse.FieldError BLANK =
      new Refuse.FieldError("validation_required", "Cannot be blank.");
  static final Refuse.FieldError MISMATCH =
      new Refuse.FieldError("validation_values_mismatch", "Values don't match.");
  static final Refuse.FieldError NOT_UNIQUE =
      new Refuse.FieldError("validation_not_unique", "Value must be unique.");
  static final Refuse.FieldError NOT_ALLOWED =
      new Refuse.FieldError("validation_in_invalid", "Must be a valid value.");
  static final Refuse.FieldError NO_EMAIL =
      new Refuse.FieldError("validation_is_email", "Must be a valid email address.");
  static final Refuse.FieldError WRONG_OLD_PASSWORD =
      new Refuse.FieldError("validation_invalid_old_password", "Missing or invalid old password.");

  private final Map<String, Refuse.FieldError> found = new LinkedHashMap<>();

  static Refuse.FieldError tooLong(int max) {
    return new Refuse.FieldError(
        "validation_max_text_constraint", "Must be no more than " + max + " character(s).");
  }

  FieldErrors add(String field, Refuse.FieldError error) {
    found.putIfAbsent(field, error);
    return this;
  }

  FieldErrors addIf(boolean wrong, String field, Refuse.FieldError error) {
    return wrong ? add(field, error) : this;
  }

  /** Longer than this many characters. */
  FieldErrors checkMax(String field, String text, int max) {
    return addIf(text.codePointCount(0, text.length()) > max, field, tooLong(max));
  }

  /** The rule for new passwords. */
  FieldErrors checkPassword(String field, String password) {
    var length = Passwords.Length.of(password);
    return switch (length) {
      case RIGHT -> this;
      case TOO_SHORT ->
          add(field, new Refuse.FieldError("validation_min_text_constraint", length.rule()));
      case TOO_LONG ->
          add(field, new Refuse.FieldError("validation_max_text_constraint", length.rule()));
    };
  }

  Map<String, Refuse.FieldError> all() {
    return found;
  }

  /** Fails with what was found, under this message, if there is anything. */
  void refuse(String message) {
    if (!found.isEmpty()) {
      throw Refuse.fields(message, found);
    }
  }
}

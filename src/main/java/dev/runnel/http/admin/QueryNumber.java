package dev.runnel.http.admin;

import dev.runnel.http.Call;
import dev.runnel.problem.Problem;

/** A whole number of the query. */
final class QueryNumber {
  private QueryNumber() {}

  /** Fails with {@code Invalid} when it is none or out of range. */
  static int of(Call call, String name, int min, int max, int otherwise) {
    var given = call.query(name);
    if (given == null) {
      return otherwise;
    }
    try {
      var number = Integer.parseInt(given);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw new Problem.Invalid(name, name + " must be a whole number from " + min + " to " + max);
  }
}

package dev.runnel.http.bosbase;

import dev.runnel.account.Principal;

/** Who may execute a script for which nobody has said anything: superusers. */
final class ExecuteRight {
  private static final String GUEST =
      "The request requires superuser or allowed user authorization token.";
  private static final String USER = "You are not allowed to execute this script.";

  private ExecuteRight() {}

  /** Whether the script exists is known only to those who may execute it. */
  static void check(Principal principal) {
    switch (principal) {
      case Principal.Guest _ -> throw Refuse.unauthorized(GUEST);
      case Principal.User _ -> throw Refuse.forbidden(USER);
      case Principal.Superuser _ -> {}
    }
  }
}

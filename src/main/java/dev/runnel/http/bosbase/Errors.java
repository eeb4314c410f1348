package dev.runnel.http.bosbase;

import dev.runnel.account.Principal;
import dev.runnel.http.Answer;
import dev.runnel.http.Refusal;
import dev.runnel.http.Wording;
import dev.runnel.problem.Problem;
import java.time.Duration;
import java.util.Map;

/** Every error of this dialect: {@code {"data":{},"message":"Script not found.","status":404}}. */
final class Errors implements Wording {
  static final String LOADING = "An error occurred while loading the submitted data.";
  static final String TOKEN_REQUIRED = "The request requires valid record authorization token.";
  private static final String WENT_WRONG = "Something went wrong while processing your request.";

  /** The wire shape; {@code data} is never null. */
  record Body(Object data, String message, int status) {}

  @Override
  public Answer of(Problem problem) {
    return switch (problem) {
      case Problem.Invalid invalid -> error(400, invalid.getMessage());
      case Problem.NotFound missing -> error(404, missing(missing.kind()));
      case Problem.Taken taken ->
          error(
              400,
              switch (taken.field()) {
                case "name" -> "Script already exists.";
                case "scriptName" -> "Permission already exists for this script.";
                default -> taken.getMessage();
              });
      case Problem.Disabled disabled -> error(400, disabled.getMessage());
      case Problem.Stale stale -> error(409, stale.getMessage());
      case Problem.Busy busy -> error(409, busy.getMessage());
      case Problem.AlreadyEnded ended -> error(409, ended.getMessage());
      case Problem.KeyReused reused -> error(409, reused.getMessage());
      case Problem.QueueFull full -> later(429, full, full.retryAfter());
      case Problem.Throttled throttled -> later(429, throttled, throttled.retryAfter());
      case Problem.Unavailable away -> later(503, away, away.retryAfter());
    };
  }

  @Override
  public Answer of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NoRoute _ -> error(404, "The requested resource wasn't found.");
      case Refusal.Denied denied ->
          denied.caller().principal() instanceof Principal.Guest
              ? error(401, TOKEN_REQUIRED)
              : error(403, "The authorized record is not allowed to perform this action.");
      case Refusal.CrossSite _ -> error(403, "You are not allowed to perform this request.");
      case Refusal.NoUpgrade _ ->
          error(426, "The request must be the upgrade to a WebSocket connection.")
              .with("Upgrade", "websocket")
              .with("Sec-WebSocket-Version", "13");
      case Refusal.BadRequest(var status, var why) -> error(status, why);
      case Refusal.BadUrl _ -> error(400, WENT_WRONG);
      case Refusal.BadBody _, Refusal.BadField _ -> error(400, LOADING);
      case Refusal.TooLarge _ -> error(413, "Request entity too large.");
      case Refusal.TooSlow _ -> error(408, "The request body did not arrive in time.");
    };
  }

  @Override
  public Answer unexpected() {
    return error(500, WENT_WRONG);
  }

  static Answer error(int status, String message) {
    return error(status, message, Map.of());
  }

  static Answer error(int status, String message, Object data) {
    return Answer.json(status, new Body(data, normalised(message), status));
  }

  private static String missing(Problem.Kind kind) {
    return switch (kind) {
      case SCRIPT -> "Script not found.";
      case RUN -> "Job not found.";
      case PERMISSION -> "Permission not found.";
      case COMMAND -> "Command not found.";
      case COLLECTION -> "Missing or invalid collection context.";
      case ACCOUNT -> "The requested resource wasn't found.";
    };
  }

  private static Answer later(int status, Problem problem, Duration retryAfter) {
    return error(status, problem.getMessage())
        .with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  /** Trimmed, with a capital first letter and a full stop. */
  static String normalised(String message) {
    var text = message.strip();
    if (text.isEmpty()) {
      return WENT_WRONG;
    }
    var capital =
        Character.toString(Character.toUpperCase(text.codePointAt(0)))
            + text.substring(text.offsetByCodePoints(0, 1));
    return capital.matches("(?s).*[.?!]") ? capital : capital + ".";
  }
}

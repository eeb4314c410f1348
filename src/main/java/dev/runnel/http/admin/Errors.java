package dev.runnel.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.account.Principal;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Credentials;
import dev.runnel.http.Answer;
import dev.runnel.http.Refusal;
import dev.runnel.http.Wording;
import dev.runnel.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every error of this dialect: {@code {"error":"text"}}, with {@code details} for fields. */
final class Errors implements Wording {
  /**
   * The wire shape; what is null is left out.
   *
   * @param runId the run that is in the way
   * @param status the state that is in the way
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      String error,
      @Nullable List<Problem.Detail> details,
      @Nullable String runId,
      @Nullable String status) {}

  @Override
  public Answer of(Problem problem) {
    return switch (problem) {
      case Problem.Invalid invalid -> error(400, message(problem), details(invalid.details()));
      case Problem.NotFound _ -> error(404, "Not found");
      case Problem.Taken _ -> error(409, message(problem));
      case Problem.Stale _ -> error(412, message(problem));
      case Problem.Disabled _ -> error(400, message(problem));
      case Problem.Busy busy ->
          Answer.json(409, new Body(message(busy), null, busy.activeRun().toString(), null));
      case Problem.AlreadyEnded ended ->
          Answer.json(409, new Body(message(ended), null, null, ended.status()));
      case Problem.KeyReused _ -> error(409, message(problem));
      case Problem.QueueFull full -> later(429, full, full.retryAfter());
      case Problem.Throttled throttled -> later(429, throttled, throttled.retryAfter());
      case Problem.Unavailable away -> later(503, away, away.retryAfter());
    };
  }

  @Override
  public Answer of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NoRoute(var allowed) ->
          allowed.isEmpty()
              ? error(404, "Not found")
              : error(405, "Method not allowed").with("Allow", String.join(", ", allowed));
      case Refusal.Denied denied -> denied(denied.caller());
      case Refusal.CrossSite _ -> error(403, "Cross-site request rejected");
      case Refusal.NoUpgrade _ ->
          error(426, "WebSocket upgrade required")
              .with("Upgrade", "websocket")
              .with("Sec-WebSocket-Version", "13");
      case Refusal.BadRequest(var status, var why) -> error(status, "Bad request: " + why);
      case Refusal.BadUrl(var why) -> error(400, "Bad request: " + why);
      case Refusal.BadBody(var why) ->
          error(400, "Invalid JSON body", List.of(new Problem.Detail("", why)));
      case Refusal.BadField(var path, var rule) ->
          error(400, path + " " + rule, List.of(new Problem.Detail(path, path + " " + rule)));
      case Refusal.TooLarge _ -> error(413, "request entity too large");
      case Refusal.TooSlow _ -> error(408, "Request body did not arrive in time");
    };
  }

  @Override
  public Answer unexpected() {
    return error(500, "Internal error");
  }

  static Answer error(int status, String text) {
    return error(status, text, null);
  }

  private static Answer error(int status, String text, @Nullable List<Problem.Detail> details) {
    return Answer.json(status, new Body(text, details, null, null));
  }

  private static Answer denied(Caller caller) {
    return switch (caller.principal()) {
      case Principal.User _, Principal.Superuser _ -> error(403, "Superuser required");
      case Principal.Guest _ ->
          error(401, refusedPair(caller) ? "Invalid credentials" : "Authentication required")
              .with("WWW-Authenticate", "Basic realm=\"Admin Area\"");
    };
  }

  private static boolean refusedPair(Caller caller) {
    return switch (caller.credentials()) {
      case Credentials.Basic _, Credentials.UnreadableBasic _ -> true;
      case Credentials.None _, Credentials.Token _ -> false;
    };
  }

  private static Answer later(int status, Problem problem, Duration retryAfter) {
    return error(status, message(problem))
        .with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  /** The domain's names where this dialect has others. */
  private static List<Problem.Detail> details(List<Problem.Detail> details) {
    return details.stream()
        .map(detail -> new Problem.Detail(wireName(detail.field()), detail.message()))
        .toList();
  }

  private static String wireName(String field) {
    return switch (field) {
      case "text" -> "script";
      case "language" -> "type";
      case "title" -> "name";
      case "workingDirectory" -> "defaultWorkingDirectory";
      case "timeout" -> "timeoutMs";
      default -> field;
    };
  }

  private static String message(Problem problem) {
    return String.valueOf(problem.getMessage());
  }
}

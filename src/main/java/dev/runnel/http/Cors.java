package dev.runnel.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other sites may call a dialect from a browser and read its answers. Never with
 * cookies or Basic credentials: such a page sends its token itself.
 *
 * @param origins in small letters; {@code *} is any; none: the dialect says nothing about it
 */
public record Cors(Set<String> origins) {
  /** For pages of its own site only. */
  public static final Cors CLOSED = new Cors(Set.of());

  private static final String ANY = "*";
  private static final String NONE = "none";
  private static final String METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE";
  private static final String EXPOSED =
      "X-Request-Id,X-Run-Id,Idempotency-Replayed,Preference-Applied,Retry-After";
  private static final String MAX_AGE_SECONDS = "600";

  /** For the origins of a list with commas; {@code *} is any, {@code none} is no other. */
  public static Cors of(String list) {
    return new Cors(
        Arrays.stream(list.toLowerCase(Locale.ROOT).split(",", -1))
            .map(String::strip)
            .filter(origin -> !origin.isEmpty())
            .collect(Collectors.toUnmodifiableSet()));
  }

  boolean isClosed() {
    return origins.isEmpty();
  }

  /** Tells the browser, on any answer, whether the page that asked may read it. */
  void mark(HttpServerRequest request, HttpServerResponse response) {
    if (isClosed()) {
      return;
    }
    response.headers().add("Vary", "Origin");
    var allowed = allowed(request.getHeader("Origin"));
    if (allowed != null) {
      response.putHeader("Access-Control-Allow-Origin", allowed);
      response.putHeader("Access-Control-Expose-Headers", EXPOSED);
    }
  }

  /** Answers what a browser asks before it sends the request itself. */
  Answer preflight(HttpServerRequest request) {
    var answer = Answer.nothing();
    if (allowed(request.getHeader("Origin")) == null) {
      return answer;
    }
    var open =
        answer
            .with("Access-Control-Allow-Methods", METHODS)
            .with("Access-Control-Max-Age", MAX_AGE_SECONDS);
    var asked = request.getHeader("Access-Control-Request-Headers");
    return asked == null || asked.isEmpty()
        ? open
        : open.with("Access-Control-Allow-Headers", asked);
  }

  private @Nullable String allowed(@Nullable String origin) {
    if (origin == null || origins.contains(NONE)) {
      return null;
    }
    return origins.contains(ANY)
        ? ANY
        : origins.contains(origin.toLowerCase(Locale.ROOT)) ? origin : null;
  }
}

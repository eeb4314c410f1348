package dev.runnel.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a caller presented to be recognised by; never shows a secret in {@code toString}. */
public sealed interface Credentials {

  /** Nothing at all. */
  record None() implements Credentials {}

  /**
   * A token of ours, or what claims to be one.
   *
   * @param fromCookie the browser sent it on its own
   */
  record Token(String text, boolean fromCookie) implements Credentials {
    @Override
    public String toString() {
      return fromCookie ? "token of a cookie" : "token";
    }
  }

  /** An HTTP Basic pair; the password may hold colons. */
  record Basic(String name, String password) implements Credentials {
    @Override
    public String toString() {
      return "Basic pair of " + name;
    }
  }

  /** A Basic header that holds no pair. */
  record UnreadableBasic() implements Credentials {}

  /**
   * The first that is there: the header (raw token, {@code Bearer}, {@code Basic}), the query
   * parameter {@code token}, the cookie {@code pb_auth} (URL-encoded JSON with a {@code token}).
   * What is there but bad hides what comes after it.
   */
  static Credentials of(
      @Nullable String authorization, @Nullable String queryToken, @Nullable String cookie) {
    if (authorization != null && !authorization.isBlank()) {
      return ofHeader(authorization.strip());
    }
    if (queryToken != null && !queryToken.isEmpty()) {
      return new Token(queryToken, false);
    }
    return cookie == null || cookie.isEmpty() ? new None() : ofCookie(cookie);
  }

  /** Whether a browser adds these by itself, also to requests that another site made it send. */
  default boolean areAmbient() {
    return switch (this) {
      case None _ -> false;
      case Token(_, var fromCookie) -> fromCookie;
      case Basic _, UnreadableBasic _ -> true;
    };
  }

  private static Credentials ofHeader(String header) {
    if (header.startsWith("Bearer ")) {
      return new Token(header.substring("Bearer ".length()).strip(), false);
    }
    if (header.regionMatches(true, 0, "Basic ", 0, 6) || header.equalsIgnoreCase("Basic")) {
      return ofBasic(header.substring(5).strip());
    }
    return new Token(header, false);
  }

  private static Credentials ofBasic(String encoded) {
    try {
      var pair =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)))
              .toString();
      var colon = pair.indexOf(':');
      return colon < 0
          ? new UnreadableBasic()
          : new Basic(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException | CharacterCodingException notAPair) {
      return new UnreadableBasic();
    }
  }

  private static Credentials ofCookie(String cookie) {
    try {
      var json = new JsonObject(URLDecoder.decode(cookie, StandardCharsets.UTF_8));
      return json.getValue("token") instanceof String token && !token.isEmpty()
          ? new Token(token, true)
          : new None();
    } catch (IllegalArgumentException | DecodeException notJson) {
      return new None();
    }
  }
}

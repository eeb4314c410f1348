package dev.runnel.http.form;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A header such as {@code form-data; name="file"}.
 *
 * @param value what stands before the first semicolon, in small letters
 * @param parameters by name in small letters; the first of a name counts
 */
public record HeaderValue(String value, Map<String, String> parameters) {
  private static final String UTF_8_VALUE = "utf-8''";

  /** Fails with {@link MalformedForm} for a quoted string that does not end. */
  public static HeaderValue of(String text) {
    var parameters = new HashMap<String, String>();
    int semicolon = text.indexOf(';');
    int at = semicolon < 0 ? text.length() : semicolon;
    var value = text.substring(0, at).strip().toLowerCase(Locale.ROOT);
    while (at < text.length()) {
      int equals = nameEnd(text, at + 1);
      var name = text.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
      if (equals == text.length() || text.charAt(equals) == ';') {
        at = equals;
        continue;
      }
      var word = new StringBuilder();
      at = word(text, equals + 1, word);
      if (!name.isEmpty()) {
        parameters.putIfAbsent(name, word.toString());
      }
    }
    return new HeaderValue(value, Map.copyOf(parameters));
  }

  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  /** The same, also when it is written as {@code name*=UTF-8''caf%C3%A9}, which then wins. */
  @Nullable String extendedParameter(String name) {
    return Optional.ofNullable(parameters.get(name + "*"))
        .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(UTF_8_VALUE))
        .map(text -> text.substring(UTF_8_VALUE.length()).getBytes(StandardCharsets.UTF_8))
        .map(text -> Utf8.text(Percent.decoded(text, 0, text.length, false)))
        .orElse(parameters.get(name));
  }

  private static int nameEnd(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
      at++;
    }
    return at;
  }

  /** Reads a token or quoted string; answers where the next semicolon is, or the end. */
  private static int word(String text, int from, StringBuilder word) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      at = quoted(text, at + 1, word);
      int semicolon = text.indexOf(';', at);
      return semicolon < 0 ? text.length() : semicolon;
    }
    int semicolon = text.indexOf(';', at);
    int end = semicolon < 0 ? text.length() : semicolon;
    word.append(text.substring(at, end).strip());
    return end;
  }

  private static int quoted(String text, int from, StringBuilder word) {
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      // Only what must be escaped: senders of old put C:\dir\file here.
      if (c == '\\'
          && at + 1 < text.length()
          && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\')) {
        at++;
      }
      word.append(text.charAt(at));
    }
    throw new MalformedForm("a header of the form has a quote that does not end");
  }
}

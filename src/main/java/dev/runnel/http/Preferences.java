package dev.runnel.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code Prefer} headers of a start ask for (RFC 7240). The first of a name counts; what
 * cannot be read, or is not known here, is ignored.
 *
 * @param patience {@code wait=N}: how long to wait for the end of the run; null: not asked for
 * @param cancelsWhenGone {@code handling=cancel}: the run ends when its caller hangs up
 */
public record Preferences(@Nullable Duration patience, boolean cancelsWhenGone) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  /** More digits than any limit has. */
  private static final int MANY_DIGITS = 9;

  /**
   * Reads these headers.
   *
   * @param longest a longer {@code wait} is cut to this
   */
  static Preferences of(List<String> headers, Duration longest) {
    if (headers.isEmpty()) {
      return new Preferences(null, false);
    }
    var first = new HashMap<String, String>();
    for (var header : headers) {
      for (var preference : split(header, ',')) {
        // What follows a semicolon are parameters; no preference that is known here has any.
        note(split(preference, ';').getFirst(), first);
      }
    }
    return new Preferences(
        patience(first.get("wait"), longest), "cancel".equals(first.get("handling")));
  }

  /** The same, but nothing is said about waiting. */
  Preferences withoutWait() {
    return new Preferences(null, cancelsWhenGone);
  }

  /** As {@code Preference-Applied} says it; null when nothing was asked for that is known here. */
  @Nullable String applied() {
    var applied = new ArrayList<String>();
    if (patience != null) {
      applied.add("wait=" + patience.toSeconds());
    }
    if (cancelsWhenGone) {
      applied.add("handling=cancel");
    }
    return applied.isEmpty() ? null : String.join(", ", applied);
  }

  private static void note(String pair, Map<String, String> first) {
    var equals = pair.indexOf('=');
    var name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
    var word = equals < 0 ? "" : pair.substring(equals + 1).strip();
    if (TOKEN.matcher(name).matches()) {
      first.putIfAbsent(name.toLowerCase(Locale.ROOT), unquoted(word));
    }
  }

  private static String unquoted(String word) {
    return word.length() > 1 && word.startsWith("\"") && word.endsWith("\"")
        ? word.substring(1, word.length() - 1).replaceAll("\\\\(.)", "$1")
        : word;
  }

  /** The pieces between separators; one in quotes is none. */
  private static List<String> split(String text, char separator) {
    var pieces = new ArrayList<String>();
    var quoted = false;
    var from = 0;
    for (int at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        at++;
      } else if (c == separator && !quoted) {
        pieces.add(text.substring(from, at));
        from = at + 1;
      }
    }
    pieces.add(text.substring(from));
    return pieces;
  }

  private static @Nullable Duration patience(@Nullable String seconds, Duration longest) {
    if (seconds == null || !SECONDS.matcher(seconds).matches()) {
      return null;
    }
    if (seconds.length() > MANY_DIGITS) {
      return longest;
    }
    var given = Duration.ofSeconds(Long.parseLong(seconds));
    return given.compareTo(longest) < 0 ? given : longest;
  }
}

package dev.runnel.http.admin;

import dev.runnel.http.Call;
import dev.runnel.problem.Problem;
import dev.runnel.script.Language;
import dev.runnel.script.Script;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which definitions a list asks for.
 *
 * @param text part of name, code identifier or description, without case
 * @param cursor where the page before ended
 * @param limit 1..500
 * @param summary without script text and values of variables
 */
record DefinitionFilter(
    String text,
    @Nullable Language type,
    @Nullable Boolean enabled,
    @Nullable Cursor cursor,
    int limit,
    boolean summary) {
  private static final int MAX_LIMIT = 500;

  static DefinitionFilter of(Call call) {
    var text = call.query("q");
    var type = call.query("type");
    var enabled = call.query("enabled");
    return new DefinitionFilter(
        text == null ? "" : text.toLowerCase(Locale.ROOT),
        type == null ? null : Words.of("type", type, Language.ofScripts()),
        enabled == null ? null : flag(enabled),
        Cursor.of(call),
        QueryNumber.of(call, "limit", 1, MAX_LIMIT, MAX_LIMIT),
        "summary".equals(call.query("fields")));
  }

  boolean accepts(Script script) {
    return (type == null || script.language() == type)
        && (enabled == null || script.enabled() == enabled)
        && (text.isEmpty()
            || holds(script.title())
            || holds(script.codeIdentifier())
            || holds(script.description()));
  }

  boolean isAfterCursor(Cursor place) {
    return cursor == null || place.compareTo(cursor) > 0;
  }

  private boolean holds(String where) {
    return where.toLowerCase(Locale.ROOT).contains(text);
  }

  private static boolean flag(String given) {
    return switch (given) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Problem.Invalid("enabled", "enabled must be true or false");
    };
  }
}

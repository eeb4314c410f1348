package dev.runnel.http.bosbase;

import dev.runnel.http.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a script to be run with.
 *
 * @param function null: as the script's text decides
 */
record ExecuteInput(List<String> arguments, @Nullable String function) {

  /** {@code args} wins over {@code arguments} unless it is empty; scalars become text. */
  static ExecuteInput of(Fields body) {
    var args = body.scalars("args");
    var arguments = args == null || args.isEmpty() ? body.scalars("arguments") : args;
    var function = body.text("function_name", "").strip();
    return new ExecuteInput(
        arguments == null ? List.of() : List.copyOf(arguments),
        function.isEmpty() ? null : function);
  }
}

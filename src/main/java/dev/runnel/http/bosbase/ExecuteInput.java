package dev.runnel.http.bosbase;

import dev.runnel.http.Call;
import dev.runnel.http.Fields;
import dev.runnel.run.RunRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a script to be run with.
 *
 * @param function null: as the script's text decides
 */
record ExecuteInput(List<String> arguments, @Nullable String function) {

  /** Of a query with repeated keys; nothing in it is split. */
  static ExecuteInput ofQuery(Call call) {
    var arguments = call.queryAll("arguments");
    var function = call.query("function_name");
    var given = function == null ? call.query("functionName") : function;
    return new ExecuteInput(
        List.copyOf(arguments.isEmpty() ? call.queryAll("args") : arguments),
        given == null || given.isBlank() ? null : given.strip());
  }

  /** Says nothing at all. */
  boolean isEmpty() {
    return arguments.isEmpty() && function == null;
  }

  /** The same for the same input only: no argument holds a NUL. */
  String digest() {
    return RunRequest.sha256(
        (function == null ? "" : function) + "\0" + String.join("\0", arguments));
  }

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

package dev.runnel.run;

import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import java.time.Duration;
import java.util.List;

/**
 * A module to run, as {@code wasmedge OPTIONS WASM PARAMS} would.
 *
 * @param options as the caller wrote them
 * @param wasm the module's file, relative to {@code EXECUTE_PATH}
 * @param params as the caller wrote them
 */
public record WasmCall(String options, String wasm, String params) {
  private static final String REACTOR = "--reactor";
  private static final String START = "_start";

  /** What that run was asked to do. */
  public static WasmCall of(Run run) {
    return of(run.script(), run.request().args());
  }

  /** What that invocation asks for. */
  public static WasmCall of(Invocation invocation) {
    return of(invocation.script(), invocation.args());
  }

  private static WasmCall of(ScriptStamp stamp, List<String> args) {
    return new WasmCall(args.getFirst(), stamp.name(), args.getLast());
  }

  /** Fails with {@code Invalid} when they are no words. */
  public List<String> optionWords() {
    return ShellWords.of("options", options);
  }

  /** Fails with {@code Invalid} when they are no words. */
  public List<String> paramWords() {
    return ShellWords.of("params", params);
  }

  /** What will be called, as far as the words tell. */
  public String function() {
    var words = paramWords();
    return optionWords().contains(REACTOR) && !words.isEmpty() ? words.getFirst() : START;
  }

  /** The start of it. Fails with {@code Invalid} when options or params are no words. */
  public RunRequest request(Duration timeout, Door door, Meta meta) {
    var line = "wasmedge " + String.join(" ", options, wasm, params).strip();
    optionWords();
    paramWords();
    return RunRequest.adHoc(
        new ScriptStamp(
            wasm,
            CodeIdentifier.derived(wasm),
            Language.WASM,
            Runner.HOST,
            0,
            RunRequest.sha256(line)),
        line,
        List.of(options, params),
        List.of(),
        "",
        timeout,
        Limits.DEFAULT,
        door,
        meta);
  }
}

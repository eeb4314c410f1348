package dev.runnel.execution;

import dev.runnel.run.Invocation;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script that prints what it can see of its start.
 *
 * @param category what it looks at
 * @param function what is called; null to run it as a program
 * @param env the script's own values
 */
public record Sample(
    Language language,
    String category,
    String name,
    String text,
    List<String> args,
    @Nullable String function,
    List<EnvVariable> env,
    Limits limits) {

  /** With nothing but a text. */
  public static Sample of(Language language, String category, String name, String text) {
    return new Sample(language, category, name, text, List.of(), null, List.of(), Limits.DEFAULT);
  }

  /** A bash script of no category. */
  public static Sample bash(String text) {
    return of(Language.BASH, "", "script", text);
  }

  /** The same with arguments. */
  public Sample with(String... arguments) {
    return new Sample(language, category, name, text, List.of(arguments), function, env, limits);
  }

  /** The same, of which a function is called. */
  public Sample called(String called) {
    return new Sample(language, category, name, text, args, called, env, limits);
  }

  /** The same with one more variable. */
  public Sample where(String variable, String value) {
    var more = new ArrayList<>(env);
    more.add(new EnvVariable(variable, value));
    return new Sample(language, category, name, text, args, function, List.copyOf(more), limits);
  }

  /** The same with limits. */
  public Sample within(Limits other) {
    return new Sample(language, category, name, text, args, function, env, other);
  }

  Invocation invocation() {
    return new Invocation(
        Stage.stamp(this), text, args, function, env, "", Duration.ofMinutes(1), limits);
  }

  String fileName() {
    return switch (language) {
      case BASH, COMMAND -> "sample.sh";
      case NODE -> "sample.js";
      case PYTHON -> "sample.py";
      case BROWSER, WASM -> throw new IllegalStateException("not on a server");
    };
  }

  @Override
  public String toString() {
    return category + ": " + name;
  }
}

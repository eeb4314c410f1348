package dev.runnel.script;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script to be created. What is null is derived: {@code codeIdentifier} from the name (made
 * unique with {@code -2}, {@code -3}…), {@code title} from the name.
 *
 * @param codeIdentifier given: must be free, else {@code Taken("codeIdentifier")}
 */
public record ScriptDraft(
    String name,
    @Nullable String codeIdentifier,
    @Nullable String title,
    String description,
    Language language,
    Runner runner,
    String text,
    String workingDirectory,
    List<EnvVariable> env,
    @Nullable Duration timeout,
    boolean enabled,
    Concurrency concurrency,
    Limits limits,
    Turns turns) {

  /** A draft as BosBase makes it: everything but name, text and description is a default. */
  public static ScriptDraft plain(String name, String text, String description) {
    var language = Language.ofFileName(name);
    return new ScriptDraft(
        name,
        null,
        null,
        description,
        language,
        Runner.defaultOf(language),
        text,
        "",
        List.of(),
        null,
        true,
        Concurrency.PARALLEL,
        Limits.DEFAULT,
        Turns.DEFAULT);
  }
}

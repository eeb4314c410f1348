package dev.runnel.script;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partial update; null keeps what is stored.
 *
 * @param timeout zero: back to the door's default
 * @param expectedVersion the content version the caller has seen; another one stored is {@code
 *     Stale}
 */
public record ScriptChange(
    @Nullable String codeIdentifier,
    @Nullable String title,
    @Nullable String description,
    @Nullable Language language,
    @Nullable Runner runner,
    @Nullable String text,
    @Nullable String workingDirectory,
    @Nullable List<EnvVariable> env,
    @Nullable Duration timeout,
    @Nullable Boolean enabled,
    @Nullable Concurrency concurrency,
    @Nullable Limits limits,
    Turns.Change turns,
    @Nullable Long expectedVersion) {

  /** What a BosBase PATCH can change. */
  public static ScriptChange content(@Nullable String text, @Nullable String description) {
    return new ScriptChange(
        null,
        null,
        description,
        null,
        null,
        text,
        null,
        null,
        null,
        null,
        null,
        null,
        Turns.Change.NONE,
        null);
  }
}

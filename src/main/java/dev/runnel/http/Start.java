package dev.runnel.http;

import dev.runnel.run.Run;
import dev.runnel.run.SubmitKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A start that was accepted, now or before.
 *
 * @param run as it was then
 * @param key what its caller calls it; null: nothing
 * @param replayed the key came before
 * @param preferences what its caller asked for beside
 */
public record Start(Run run, @Nullable SubmitKey key, boolean replayed, Preferences preferences) {

  /** How long the caller said it would wait for the end; null: nothing. */
  public @Nullable Duration patience() {
    return preferences.patience();
  }

  /** The answer with the headers that say how the start was taken. */
  public Answer marked(Answer answer) {
    var marked = replayed ? answer.with("Idempotency-Replayed", "true") : answer;
    var applied = preferences.applied();
    return applied == null ? marked : marked.with("Preference-Applied", applied);
  }
}

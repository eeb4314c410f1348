package dev.runnel.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who started a run and how, as its record shows it.
 *
 * @param actorType {@code basicAuth}, {@code session}, {@code apiToken}, {@code schedule}, {@code
 *     token}, {@code guest}, {@code commandLine}
 * @param actorId account id or Basic user name; null for guests
 * @param rerunOf the run that this one repeats; null when it repeats none
 */
public record Meta(
    String actorType,
    @Nullable String actorId,
    String door,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId,
    @Nullable UUID rerunOf) {

  /** Of a run that repeats no other. */
  public Meta(
      String actorType,
      @Nullable String actorId,
      String door,
      @Nullable String ip,
      @Nullable String userAgent,
      @Nullable String requestId) {
    this(actorType, actorId, door, ip, userAgent, requestId, null);
  }

  /** The same, of a run that repeats this one. */
  public Meta rerunning(UUID run) {
    return new Meta(actorType, actorId, door, ip, userAgent, requestId, run);
  }
}

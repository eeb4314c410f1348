package dev.runnel.run;

import java.time.Duration;

/**
 * Names one start of one caller, so that sending it again starts nothing new.
 *
 * @param caller who says so; two callers never share a key
 * @param route method and path of the request
 * @param key as the caller chose it, 1..{@value #MAX_LENGTH} characters
 * @param body SHA-256 of the request's body in hex, empty for none: a repeat has the same
 */
public record SubmitKey(String caller, String route, String key, String body) {
  /** How long a key is remembered. */
  public static final Duration LIFE = Duration.ofHours(24);

  /** In characters. */
  public static final int MAX_LENGTH = 255;
}

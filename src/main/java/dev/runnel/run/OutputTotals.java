package dev.runnel.run;

import org.jspecify.annotations.Nullable;

/**
 * What a run printed in all, whatever the log limit dropped.
 *
 * @param stdoutSha256 lower-case hex over every byte of the stream; null: not known yet
 * @param lines line feeds in both streams
 */
public record OutputTotals(
    long stdoutBytes,
    long stderrBytes,
    @Nullable String stdoutSha256,
    @Nullable String stderrSha256,
    long lines) {

  /** SHA-256 of nothing. */
  public static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** Of this stream; null: of both. */
  public long bytes(@Nullable Output output) {
    return switch (output) {
      case null -> stdoutBytes + stderrBytes;
      case STDOUT -> stdoutBytes;
      case STDERR -> stderrBytes;
    };
  }

  /** Nothing printed. */
  public static final OutputTotals NONE = new OutputTotals(0, 0, EMPTY_SHA256, EMPTY_SHA256, 0);
}

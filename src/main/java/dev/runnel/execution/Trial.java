package dev.runnel.execution;

import org.jspecify.annotations.Nullable;

/**
 * What a program did that was started only to see it.
 *
 * @param exitCode 128 and the number for a signal; null when it was ended at its time limit
 * @param out what it printed, at most {@value #MOST_OUTPUT} bytes
 * @param err what it printed on standard error, cut in the same way
 * @param leftBehind how many processes it left, or itself, had to be killed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Trial(@Nullable Integer exitCode, byte[] out, byte[] err, int leftBehind) {
  /** More is read and dropped. */
  static final int MOST_OUTPUT = 16 << 20;
}

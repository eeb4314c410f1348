package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and hashes everything a run prints, whatever the log limit keeps of it. */
final class OutputCounter {
  private final MessageDigest stdoutDigest = sha256();
  private final MessageDigest stderrDigest = sha256();
  private long stdoutBytes;
  private long stderrBytes;
  private long lines;

  void count(Output output, byte[] bytes) {
    switch (output) {
      case STDOUT -> {
        stdoutBytes += bytes.length;
        stdoutDigest.update(bytes);
      }
      case STDERR -> {
        stderrBytes += bytes.length;
        stderrDigest.update(bytes);
      }
    }
    for (var b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
  }

  /** The totals; ends the count. */
  OutputTotals totals() {
    var hex = HexFormat.of();
    return new OutputTotals(
        stdoutBytes,
        stderrBytes,
        hex.formatHex(stdoutDigest.digest()),
        hex.formatHex(stderrDigest.digest()),
        lines);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }
}

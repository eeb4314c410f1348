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

  void count(Output output, byte[] bytes, int from, int size) {
    switch (output) {
      case STDOUT -> {
        stdoutBytes += size;
        stdoutDigest.update(bytes, from, size);
      }
      case STDERR -> {
        stderrBytes += size;
        stderrDigest.update(bytes, from, size);
      }
    }
    for (var i = from; i < from + size; i++) {
      if (bytes[i] == '\n') {
        lines++;
      }
    }
  }

  /** What was counted so far. */
  OutputTotals soFar() {
    return new OutputTotals(stdoutBytes, stderrBytes, hex(stdoutDigest), hex(stderrDigest), lines);
  }

  private static String hex(MessageDigest digest) {
    try {
      var copy = (MessageDigest) digest.clone();
      return HexFormat.of().formatHex(copy.digest());
    } catch (CloneNotSupportedException missing) {
      throw new IllegalStateException("The platform's SHA-256 can be copied", missing);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }
}

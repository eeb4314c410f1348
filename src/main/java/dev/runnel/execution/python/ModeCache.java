package dev.runnel.execution.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which mode a text wants, by its hash. The interpreter that parses a text for the first time
 * leaves a note behind; it is read when the text runs again.
 */
final class ModeCache {
  private static final int REMEMBERED = 4_096;

  enum Mode {
    CALL,
    PROGRAM,
    UNKNOWN
  }

  private final Map<String, Mode> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Mode> eldest) {
          return size() > REMEMBERED;
        }
      };

  synchronized Mode of(String sha256) {
    return known.getOrDefault(sha256, Mode.UNKNOWN);
  }

  /** Takes over what a run has found out, if it did. */
  void read(String sha256, Path note) throws IOException {
    if (!Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    switch (Files.readString(note)) {
      case "call" -> remember(sha256, Mode.CALL);
      case "program" -> remember(sha256, Mode.PROGRAM);
      default -> {
        // The script has overwritten its own note: it is asked again next time.
      }
    }
  }

  private synchronized void remember(String sha256, Mode mode) {
    known.put(sha256, mode);
  }
}

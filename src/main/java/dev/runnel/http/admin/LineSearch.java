package dev.runnel.http.admin;

import dev.runnel.http.Utf8Chunks;
import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a text in the lines of a run's output, chunk by chunk, each stream for itself. A line
 * is found once however many chunks it spans. Of an open line no more than {@value #KEPT} bytes are
 * held; a longer one is looked through in passing.
 */
final class LineSearch {
  /** Bytes of a line that is shown whole. */
  static final int KEPT = 2 * 1024;

  /** Characters of a longer line that are shown, and how many of them before the match. */
  private static final int SHOWN = 1_000;

  private static final int SHOWN_BEFORE = 200;
  private static final byte[] NOTHING = {};

  /**
   * A line that holds the text.
   *
   * @param seq of the event that the line begins in
   * @param cut only the part around the match is shown
   */
  record Found(long seq, Instant at, Output output, String line, boolean cut) {}

  /**
   * A line whose end has not come.
   *
   * @param kept all of it, or with {@code isLong} its last bytes, which a match may begin in
   * @param isFound it was found already
   */
  record Open(long seq, Instant at, byte[] kept, boolean isLong, boolean isFound) {}

  private final String wanted;
  private final int limit;
  private final Map<Output, Open> open = new EnumMap<>(Output.class);
  private final List<Found> found = new ArrayList<>();

  /**
   * @param limit no line is begun to be looked at when so many were found
   */
  LineSearch(String wanted, int limit) {
    this.wanted = wanted;
    this.limit = limit;
  }

  List<Found> found() {
    return List.copyOf(found);
  }

  boolean isFull() {
    return found.size() >= limit;
  }

  /** The line of this stream that goes on with its next chunk; null when a new one begins. */
  @Nullable Open open(Output output) {
    return open.get(output);
  }

  /** Goes on from where another search ended. */
  void resume(Output output, Open line) {
    open.put(output, line);
  }

  /** Looks through a chunk from {@code from} on. Returns how far it came: less when it is full. */
  int look(RunEvent.Log log, int from) {
    var bytes = log.bytes();
    var at = from;
    while (at < bytes.length && !isFull()) {
      var end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      var line = open.remove(log.output());
      if (line == null) {
        line = new Open(log.seq(), log.at(), NOTHING, false, false);
      }
      if (end < bytes.length) {
        closed(log.output(), line, bytes, at, end);
        at = end + 1;
      } else {
        open.put(log.output(), opened(log.output(), line, bytes, at, end));
        at = end;
      }
    }
    return at;
  }

  /**
   * No line goes on: the output ends here, or some is missing. False when it became full before the
   * last of them was looked at.
   */
  boolean closeAll() {
    for (var output : Output.values()) {
      var line = open.get(output);
      if (line != null) {
        if (isFull()) {
          return false;
        }
        open.remove(output);
        closed(output, line, NOTHING, 0, 0);
      }
    }
    return true;
  }

  private void closed(Output output, Open line, byte[] bytes, int from, int to) {
    if (!line.isFound()) {
      look(output, line, joined(line.kept(), bytes, from, to));
    }
  }

  private Open opened(Output output, Open line, byte[] bytes, int from, int to) {
    if (line.isFound()) {
      return line;
    }
    var all = joined(line.kept(), bytes, from, to);
    if (!line.isLong() && all.length <= KEPT) {
      return new Open(line.seq(), line.at(), all, false, false);
    }
    var whole = Arrays.copyOf(all, all.length - Utf8Chunks.begun(all));
    var longLine = new Open(line.seq(), line.at(), NOTHING, true, false);
    if (look(output, longLine, whole)) {
      return new Open(line.seq(), line.at(), NOTHING, true, true);
    }
    // In UTF-8 a character of Java takes three bytes at most.
    var kept = Math.min(all.length, 3 * wanted.length() + 3);
    var rest = Arrays.copyOfRange(all, all.length - kept, all.length);
    return new Open(line.seq(), line.at(), rest, true, false);
  }

  private boolean look(Output output, Open line, byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    var place = text.indexOf(wanted);
    if (place < 0) {
      return false;
    }
    var isCut = line.isLong() || bytes.length > KEPT;
    var from = isCut ? Math.max(0, place - SHOWN_BEFORE) : 0;
    var to = isCut ? Math.min(text.length(), from + SHOWN) : text.length();
    var shown = text.substring(from, to);
    if (!isCut && shown.endsWith("\r")) {
      shown = shown.substring(0, shown.length() - 1);
    }
    found.add(new Found(line.seq(), line.at(), output, shown, isCut));
    return true;
  }

  private static byte[] joined(byte[] kept, byte[] bytes, int from, int to) {
    var all = Arrays.copyOf(kept, kept.length + to - from);
    System.arraycopy(bytes, from, all, kept.length, to - from);
    return all;
  }
}

package dev.runnel.http;

import org.jspecify.annotations.Nullable;

/** What a request wants of a body of known length, by its {@code Range}. */
public sealed interface ByteRange {

  /** All of it: there is no range, or one that we need not honour. */
  record Whole() implements ByteRange {}

  /** The bytes from {@code first} up to and with {@code last}. */
  record Part(long first, long last) implements ByteRange {
    /** In bytes. */
    public long length() {
      return last - first + 1;
    }
  }

  /** There is no such byte: 416. */
  record Nothing() implements ByteRange {}

  /**
   * Reads the header. Several ranges at once, other units and what is written wrongly count as
   * none.
   *
   * @param total length of the body
   */
  static ByteRange of(@Nullable String header, long total) {
    var given = header == null ? "" : header.replace(" ", "");
    if (!given.matches("bytes=(\\d{1,18}-\\d{0,18}|-\\d{1,18})")) {
      return new Whole();
    }
    var dash = given.indexOf('-');
    var from = given.substring("bytes=".length(), dash);
    var to = given.substring(dash + 1);
    if (from.isEmpty()) {
      var wanted = Math.min(Long.parseLong(to), total);
      return wanted == 0 ? new Nothing() : new Part(total - wanted, total - 1);
    }
    var first = Long.parseLong(from);
    var last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
    if (last < first) {
      return new Whole();
    }
    return first >= total ? new Nothing() : new Part(first, Math.min(last, total - 1));
  }
}

package dev.runnel.http.admin;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times as this dialect writes them: ISO-8601, UTC, milliseconds. */
final class Timestamps {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  static String of(Instant time) {
    return ISO.format(time);
  }

  static @Nullable String ofNullable(@Nullable Instant time) {
    return time == null ? null : of(time);
  }
}

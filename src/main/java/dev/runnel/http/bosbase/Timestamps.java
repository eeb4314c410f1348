package dev.runnel.http.bosbase;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times as this dialect writes them, in UTC. */
final class Timestamps {
  private static final DateTimeFormatter RECORD =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Of scripts and accounts: {@code 2026-01-02 03:04:05.678Z}. */
  static String record(Instant time) {
    return RECORD.format(time);
  }

  /** Of jobs: RFC 3339 with milliseconds. */
  static String job(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}

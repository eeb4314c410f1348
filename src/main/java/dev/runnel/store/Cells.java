package dev.runnel.store;

import dev.runnel.script.ConcurrencyKey;
import dev.runnel.script.Limits;
import dev.runnel.script.Turns;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The cells of a row, read from left to right. */
final class Cells {
  private final Row row;
  private int next;

  Cells(Row row) {
    this.row = row;
  }

  /** An instant as the database keeps it: in microseconds. */
  static Instant stored(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  static OffsetDateTime at(Instant instant) {
    return stored(instant).atOffset(ZoneOffset.UTC);
  }

  static @Nullable OffsetDateTime atOrNull(@Nullable Instant instant) {
    return instant == null ? null : at(instant);
  }

  UUID uuid() {
    return row.getUUID(next++);
  }

  @Nullable UUID uuidOrNull() {
    return row.getUUID(next++);
  }

  String text() {
    return row.getString(next++);
  }

  @Nullable String textOrNull() {
    return row.getString(next++);
  }

  /** A constant by its lower-case name. */
  <E extends Enum<E>> E word(Class<E> type) {
    return Enum.valueOf(type, text().toUpperCase(Locale.ROOT));
  }

  <E extends Enum<E>> @Nullable E wordOrNull(Class<E> type) {
    var word = textOrNull();
    return word == null ? null : Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  List<String> texts() {
    return List.of(row.getArrayOfStrings(next++));
  }

  boolean flag() {
    return row.getBoolean(next++);
  }

  @Nullable Boolean flagOrNull() {
    return row.getBoolean(next++);
  }

  short small() {
    return row.getShort(next++);
  }

  @Nullable Integer smallOrNull() {
    var small = row.getShort(next++);
    return small == null ? null : Integer.valueOf(small);
  }

  int number() {
    return row.getInteger(next++);
  }

  @Nullable Integer numberOrNull() {
    return row.getInteger(next++);
  }

  long big() {
    return row.getLong(next++);
  }

  @Nullable Long bigOrNull() {
    return row.getLong(next++);
  }

  @Nullable Duration millisOrNull() {
    var millis = bigOrNull();
    return millis == null ? null : Duration.ofMillis(millis);
  }

  @Nullable Duration microsOrNull() {
    var micros = bigOrNull();
    return micros == null ? null : Duration.of(micros, ChronoUnit.MICROS);
  }

  Instant instant() {
    return row.getOffsetDateTime(next++).toInstant();
  }

  @Nullable Instant instantOrNull() {
    var at = row.getOffsetDateTime(next++);
    return at == null ? null : at.toInstant();
  }

  Buffer bytes() {
    return row.getBuffer(next++);
  }

  @Nullable Buffer bytesOrNull() {
    return row.getBuffer(next++);
  }

  Turns turns() {
    var limit = smallOrNull();
    var key = textOrNull();
    return new Turns(limit, key == null ? null : ConcurrencyKey.of(key), small());
  }

  Limits limits() {
    return new Limits(bigOrNull(), bigOrNull(), bigOrNull(), bigOrNull(), bigOrNull());
  }
}

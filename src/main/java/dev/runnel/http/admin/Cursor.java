package dev.runnel.http.admin;

import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.problem.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last item of a page, after which the next one begins; the newest items come first, those of
 * the same time by id. Clients get it as {@code nextCursor} and give it back as it is.
 *
 * @param at in microseconds, as the database keeps it
 */
record Cursor(Instant at, UUID id) implements Comparable<Cursor> {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})-([0-9a-f-]{36})");

  /** The query's {@code cursor}, null when there is none; fails with {@code Invalid}. */
  static @Nullable Cursor of(Call call) {
    var given = call.query("cursor");
    if (given == null) {
      return null;
    }
    var parts = TEXT.matcher(given);
    if (parts.matches()) {
      var id = Ids.uuid(parts.group(2));
      if (id.isPresent()) {
        var at = Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS);
        return new Cursor(at, id.get());
      }
    }
    throw new Problem.Invalid("cursor", "cursor must be the nextCursor of an earlier page");
  }

  /** Newest first. */
  @Override
  public int compareTo(Cursor other) {
    var byTime = other.at.compareTo(at);
    return byTime != 0 ? byTime : other.id.compareTo(id);
  }

  /** As {@code nextCursor} shows it. */
  String text() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "-" + id;
  }
}

package dev.runnel.http.admin;

import dev.runnel.problem.Problem;
import dev.runnel.run.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where a search goes on: a place in the events, and the lines that were open there. For the client
 * an opaque word.
 *
 * @param since the last event that was looked through
 * @param offset bytes of the event after it that were looked through too
 */
record SearchCursor(long since, int offset, Map<Output, LineSearch.Open> open) {

  static SearchCursor start(long since) {
    return new SearchCursor(since, 0, Map.of());
  }

  String word() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeLong(since);
      out.writeInt(offset);
      for (var output : Output.values()) {
        var line = open.get(output);
        out.writeBoolean(line != null);
        if (line != null) {
          out.writeLong(line.seq());
          out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, line.at()));
          out.writeBoolean(line.isLong());
          out.writeBoolean(line.isFound());
          out.writeShort(line.kept().length);
          out.write(line.kept());
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /** Fails with {@code Invalid} for a word that is none of ours. */
  static SearchCursor of(String word) {
    try (var in =
        new DataInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(word)))) {
      var since = in.readLong();
      var offset = in.readInt();
      var open = new EnumMap<Output, LineSearch.Open>(Output.class);
      for (var output : Output.values()) {
        if (in.readBoolean()) {
          open.put(output, line(in));
        }
      }
      if (since < 0 || offset < 0 || in.read() >= 0) {
        throw unknown();
      }
      return new SearchCursor(since, offset, open);
    } catch (IOException | IllegalArgumentException notOurs) {
      throw unknown();
    }
  }

  private static LineSearch.Open line(DataInputStream in) throws IOException {
    var seq = in.readLong();
    var at = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
    var isLong = in.readBoolean();
    var isFound = in.readBoolean();
    var kept = new byte[Math.min(in.readUnsignedShort(), LineSearch.KEPT)];
    in.readFully(kept);
    return new LineSearch.Open(seq, at, kept, isLong, isFound);
  }

  private static Problem unknown() {
    return new Problem.Invalid("cursor", "cursor must be the nextCursor of an earlier answer");
  }
}

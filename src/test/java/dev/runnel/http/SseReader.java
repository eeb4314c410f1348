package dev.runnel.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an event stream as it comes, frame by frame. */
final class SseReader implements AutoCloseable {
  private final RawConnection connection;
  private final Reply head;
  private final StringBuilder body = new StringBuilder();
  private boolean ended;

  /** One frame; {@code comment} frames have no event. */
  record Frame(String id, String event, String data, String comment) {
    long seq() {
      return HttpScenarios.at(data, "seq").asLong();
    }

    String line() {
      return HttpScenarios.at(data, "line").asText();
    }
  }

  /** {@code query} begins with {@code ?} or is empty; {@code headers} are whole lines. */
  SseReader(TestService service, String run, String query, String headers) throws IOException {
    connection = new RawConnection(service.port());
    connection.say(
        "GET /api/admin/scripts/runs/"
            + run
            + "/stream"
            + query
            + " HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: "
            + HttpScenarios.basic(TestService.BASIC_PASSWORD)
            + "\r\n"
            + headers
            + "\r\n");
    head = connection.head();
  }

  Reply head() {
    return head;
  }

  /** The next frame, null at the end of the stream. */
  @Nullable Frame next() throws IOException {
    while (body.indexOf("\n\n") < 0) {
      if (ended) {
        return null;
      }
      var chunk = connection.chunk();
      ended = chunk.length == 0;
      // A chunk may cut a character, a frame never does.
      body.append(new String(chunk, StandardCharsets.ISO_8859_1));
    }
    var end = body.indexOf("\n\n");
    var frame =
        parsed(
            new String(
                body.substring(0, end).getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8));
    body.delete(0, end + 2);
    return frame;
  }

  /** Frames to the end, without comments and {@code retry}. */
  List<Frame> rest() throws IOException {
    var frames = new ArrayList<Frame>();
    for (var frame = next(); frame != null; frame = next()) {
      if (!frame.event().isEmpty()) {
        frames.add(frame);
      }
    }
    return frames;
  }

  private static Frame parsed(String text) {
    String id = "";
    String event = "";
    String data = "";
    String comment = "";
    for (var line : text.split("\n", -1)) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else {
        comment = line;
      }
    }
    return new Frame(id, event, data, comment);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}

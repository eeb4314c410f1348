package dev.runnel.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An event stream as an EventSource sees it. */
final class Events implements AutoCloseable {
  private final BufferedReader reader;
  private final int status;

  /** One frame. */
  record Frame(String id, String event, JsonNode data) {}

  private Events(BufferedReader reader, int status) {
    this.reader = reader;
    this.status = status;
  }

  /** Attaches to a run; {@code lastEventId} 0 sends none. */
  static Events of(Client client, String run, long lastEventId) {
    var response =
        client.stream(
            "/api/admin/scripts/runs/" + run + "/stream",
            lastEventId == 0 ? Map.of() : Map.of("Last-Event-ID", Long.toString(lastEventId)));
    return new Events(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)),
        response.statusCode());
  }

  int status() {
    return status;
  }

  /** The next frame; null at the end of the stream. */
  Frame next() throws IOException {
    String id = "";
    String event = "";
    var data = new StringBuilder();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return new Frame(id, event, Client.JSON.readTree(data.toString()));
        }
      } else if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("event:")) {
        event = line.substring(6).strip();
      } else if (line.startsWith("data:")) {
        data.append(line.substring(5).strip());
      }
    }
    return null;
  }

  /** Frames until the stream ends or so many have come. */
  List<Frame> take(int most) throws IOException {
    var frames = new ArrayList<Frame>();
    for (var frame = frames.size() < most ? next() : null;
        frame != null;
        frame = frames.size() < most ? next() : null) {
      frames.add(frame);
    }
    return frames;
  }

  /** What the log frames say, put together. */
  static String text(List<Frame> frames) {
    var text = new StringBuilder();
    for (var frame : frames) {
      if (frame.event().equals("log")) {
        text.append(frame.data().get("line").asText());
      }
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

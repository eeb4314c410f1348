package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;

/** Plain HTTP, as anybody would call the service. */
record Client(HttpClient http, String url, String authorization) {
  static final ObjectMapper JSON = new ObjectMapper();

  static Client basic(String url, String user, String password) {
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Client(
        HttpClient.newHttpClient(), url, "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** An answer with its body read as JSON; an empty body is JSON null. */
  record Reply(int status, JsonNode body, HttpResponse<String> response) {
    Reply expect(int expected) {
      assertThat(status).as(response.request().uri() + " " + response.body()).isEqualTo(expected);
      return this;
    }

    JsonNode at(String pointer) {
      return body.at(pointer);
    }
  }

  Reply get(String path) {
    return send("GET", path, null, Map.of());
  }

  Reply post(String path, JsonNode body) {
    return send("POST", path, body.toString(), Map.of());
  }

  Reply post(String path) {
    return send("POST", path, null, Map.of());
  }

  Reply send(String method, String path, String body, Map<String, String> headers) {
    var request = request(path, headers);
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), parsed(response.body()), response);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** An event stream, still open. */
  HttpResponse<InputStream> stream(String path, Map<String, String> headers) {
    try {
      return http.send(request(path, headers).GET().build(), BodyHandlers.ofInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", "application/json")
            .header("Authorization", authorization);
    headers.forEach(request::setHeader);
    return request;
  }

  /** Creates an admin definition with these fields over the defaults; answers its id. */
  String create(String code, String type, String script, Map<String, ?> fields) {
    ObjectNode body = JSON.createObjectNode();
    body.put("name", code).put("codeIdentifier", code).put("type", type).put("script", script);
    body.put("concurrency", "parallel");
    fields.forEach((key, value) -> body.set(key, JSON.valueToTree(value)));
    return post("/api/admin/scripts", body).expect(201).at("/item/_id").asText();
  }

  /** Starts a run of this definition; answers its id. */
  String run(String script) {
    return post("/api/admin/scripts/" + script + "/run").expect(200).at("/runId").asText();
  }

  JsonNode record(String run) {
    return get("/api/admin/scripts/runs/" + run).expect(200).at("/item");
  }

  /** The record once the run has ended. */
  JsonNode ended(String run) {
    return ended(run, Duration.ofSeconds(60));
  }

  JsonNode ended(String run, Duration patience) {
    return Awaitility.await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> record(run),
            record ->
                !record.get("status").asText().equals("running")
                    && !record.get("status").asText().equals("queued"));
  }

  /** The record once the run runs and has printed something. */
  JsonNode printing(String run) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> record(run), record -> !record.get("outputTail").asText().isEmpty());
  }

  private static JsonNode parsed(String body) {
    try {
      return body.isEmpty() ? JSON.nullNode() : JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return JSON.getNodeFactory().textNode(body);
    }
  }
}

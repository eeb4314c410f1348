package dev.runnel.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The only place that writes to responses. */
final class AnswerWriter {
  private static final String JSON = "application/json";
  private static final String LENGTH = "Content-Length";

  private final Vertx vertx;
  private final long stallMillis;

  AnswerWriter(Vertx vertx, long stallMillis) {
    this.vertx = vertx;
    this.stallMillis = stallMillis;
  }

  /** Fails when the body cannot be written as JSON; then nothing was sent. */
  void write(HttpServerRequest request, Dialect dialect, String requestId, Answer answer) {
    var response = request.response();
    if (response.closed() || response.headWritten()) {
      return;
    }
    var body = answer instanceof Answer.Json json ? bytes(request, dialect, json) : Buffer.buffer();
    response.setStatusCode(answer.status());
    dialect.headers().forEach(response::putHeader);
    response.putHeader("X-Request-Id", requestId);
    answer.headers().forEach(response::putHeader);
    dialect.manners().cors().mark(request, response);
    var isHead = request.method().equals(HttpMethod.HEAD);
    switch (answer) {
      case Answer.Json _ -> {
        response.putHeader(HttpHeaderNames.CONTENT_TYPE, JSON);
        if (isHead) {
          response.putHeader(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length()));
          response.end();
        } else {
          response.end(body);
        }
      }
      case Answer.Empty _ -> response.end();
      case Answer.Upgrade _ -> throw new IllegalStateException("An upgrade is no answer to write");
      case Answer.Stream stream -> {
        if (isHead) {
          response.end();
        } else {
          stream(request, response, stream);
        }
      }
    }
  }

  /** Errors are never shortened. */
  private static Buffer bytes(HttpServerRequest request, Dialect dialect, Answer.Json answer) {
    var picker =
        dialect.manners().picksFields() && answer.status() / 100 == 2
            ? FieldPicker.of(request.params(true).get("fields"))
            : null;
    if (picker == null) {
      return Json.bytes(answer.body());
    }
    var whole = Json.tree(answer.body());
    picker.pick(whole);
    return Json.bytes(whole);
  }

  private void stream(
      HttpServerRequest request, HttpServerResponse response, Answer.Stream stream) {
    var isMeasured = stream.headers().containsKey(LENGTH);
    if (isMeasured || request.version() != HttpVersion.HTTP_1_0) {
      response.setChunked(!isMeasured);
      response.writeHead();
    } else {
      // Without chunks the end of the connection is that of the body. This sends the head, too.
      response.endHandler(_ -> request.connection().close());
      response.write(Buffer.buffer());
    }
    stream
        .writer()
        .accept(new StreamWriter(vertx, response, () -> request.connection().close(), stallMillis));
  }
}

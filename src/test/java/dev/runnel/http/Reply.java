package dev.runnel.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** An answer as a client sees it, whole. */
record Reply(int status, MultiMap headers, Buffer bytes) {
  String body() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

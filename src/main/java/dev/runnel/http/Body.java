package dev.runnel.http;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A request body that has been read and, if it says that it is JSON, parsed.
 *
 * @param refusal why the fields cannot be had, null when they can
 */
record Body(boolean saysJson, Fields fieldsOrNone, @Nullable Refusal refusal) {

  /** No body. */
  static final Body EMPTY = new Body(true, Fields.NONE, null);

  /** Takes as long as the body is long: big ones on a worker. */
  static Body parsed(@Nullable String contentType, Buffer bytes) {
    if (bytes.length() == 0) {
      return EMPTY;
    }
    if (!isJson(contentType)) {
      return new Body(
          false, Fields.NONE, new Refusal.BadBody("the Content-Type must be application/json"));
    }
    try {
      return new Body(true, new Fields("", Json.object(bytes)), null);
    } catch (Refused refused) {
      return new Body(true, Fields.NONE, refused.refusal());
    }
  }

  Fields fields() {
    if (refusal != null) {
      throw new Refused(refusal);
    }
    return fieldsOrNone;
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    var semicolon = contentType.indexOf(';');
    var type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    return type.equalsIgnoreCase("application/json");
  }
}

package dev.runnel.http;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A request body that has been read and, if it says that it is JSON, parsed.
 *
 * @param fieldsOrNone those of the JSON object that it is, none when it is none
 * @param refusal why the fields cannot be had, null when they can
 * @param digest SHA-256 of its bytes in hex; empty for no bytes, and unless it was asked for
 */
record Body(Fields fieldsOrNone, @Nullable Refusal refusal, String digest) {

  /** No body. */
  static final Body EMPTY = new Body(Fields.NONE, null, "");

  /**
   * Takes as long as the body is long: big ones on a worker.
   *
   * @param digested whether its digest is asked for
   */
  static Body parsed(@Nullable String contentType, Buffer bytes, boolean digested) {
    if (bytes.length() == 0) {
      return EMPTY;
    }
    var digest = digested ? digest(bytes) : "";
    if (!isJson(contentType)) {
      var why = new Refusal.BadBody("the Content-Type must be application/json");
      return new Body(Fields.NONE, why, digest);
    }
    try {
      return new Body(new Fields("", Json.object(bytes)), null, digest);
    } catch (Refused refused) {
      return new Body(Fields.NONE, refused.refusal(), digest);
    }
  }

  Fields fields() {
    if (refusal != null) {
      throw new Refused(refusal);
    }
    return fieldsOrNone;
  }

  private static String digest(Buffer bytes) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
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

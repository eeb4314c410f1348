package dev.runnel.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.http.form.FormFields;
import dev.runnel.http.form.MalformedForm;
import dev.runnel.http.form.MultipartReader;
import dev.runnel.http.form.UrlEncodedForm;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request body that has been read and, if it says that it is JSON or a form, parsed.
 *
 * @param fieldsOrNone those of the object that it is, none when it is none
 * @param refusal why the fields cannot be had, null when they can
 * @param digest SHA-256 in hex of its bytes, for a form of what it says: the boundary is another
 *     each time; empty for no bytes, and unless it was asked for
 */
record Body(Fields fieldsOrNone, @Nullable Refusal refusal, String digest) {

  /** No body. */
  static final Body EMPTY = new Body(Fields.NONE, null, "");

  /** What a dialect takes. */
  enum Kind {
    JSON,
    /** JSON, {@code multipart/form-data} and {@code application/x-www-form-urlencoded}. */
    JSON_OR_FORM
  }

  /**
   * Takes as long as the body is long: big ones on a worker.
   *
   * @param digested whether its digest is asked for
   */
  static Body parsed(Kind kind, @Nullable String contentType, Buffer bytes, boolean digested) {
    if (bytes.length() == 0) {
      return EMPTY;
    }
    try {
      if (type(contentType).equals("application/json")) {
        var fields = new Fields("", Json.object(bytes));
        return new Body(fields, null, digested ? digest(bytes) : "");
      }
      var form = form(kind, contentType, bytes);
      return new Body(Fields.ofForm(form), null, digested ? digest(Json.bytes(form)) : "");
    } catch (Refused refused) {
      return new Body(Fields.NONE, refused.refusal(), digested ? digest(bytes) : "");
    }
  }

  Fields fields() {
    if (refusal != null) {
      throw new Refused(refusal);
    }
    return fieldsOrNone;
  }

  private static ObjectNode form(Kind kind, @Nullable String contentType, Buffer bytes) {
    if (kind == Kind.JSON) {
      throw refused("the Content-Type must be application/json");
    }
    try {
      var boundary = MultipartReader.boundary(contentType);
      if (boundary != null) {
        return FormObject.of(FormFields.of(boundary, bytes.getBytes()));
      }
      if (type(contentType).equals("application/x-www-form-urlencoded")) {
        return FormObject.of(UrlEncodedForm.fields(bytes.getBytes()));
      }
      throw refused(
          "the Content-Type must be application/json, multipart/form-data with a boundary or"
              + " application/x-www-form-urlencoded");
    } catch (MalformedForm malformed) {
      throw refused(String.valueOf(malformed.getMessage()));
    }
  }

  private static Refused refused(String why) {
    return new Refused(new Refusal.BadBody(why));
  }

  private static String digest(Buffer bytes) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }

  /** Without its parameters, in small letters. */
  private static String type(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    var semicolon = contentType.indexOf(';');
    var type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}

package dev.runnel.http.form;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines before the content of a part. */
final class PartHead {
  private static final Set<String> PLAIN = Set.of("7bit", "8bit", "binary", "");

  private final int limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int lineLength;

  PartHead(int limit) {
    this.limit = limit;
  }

  void begin() {
    bytes.reset();
    lineLength = 0;
  }

  /** Takes a byte; answers the part when it was the last of its head. */
  @Nullable Part add(byte next) {
    bytes.write(next);
    if (bytes.size() > limit) {
      throw new MalformedForm("the head of a part is longer than " + limit + " bytes");
    }
    if (next != '\n') {
      lineLength += next == '\r' ? 0 : 1;
      return null;
    }
    var isEmpty = lineLength == 0;
    lineLength = 0;
    return isEmpty ? part() : null;
  }

  private Part part() {
    HeaderValue disposition = null;
    for (var header : Utf8.text(bytes.toByteArray()).split("\r?\n", -1)) {
      int colon = header.indexOf(':');
      if (colon <= 0 && !header.isEmpty()) {
        throw new MalformedForm("a part of the form has a line that is no header");
      }
      var name = header.isEmpty() ? "" : header.substring(0, colon).strip();
      if (name.equalsIgnoreCase("Content-Disposition") && disposition == null) {
        disposition = HeaderValue.of(header.substring(colon + 1));
      } else if (name.equalsIgnoreCase("Content-Transfer-Encoding")
          && !PLAIN.contains(HeaderValue.of(header.substring(colon + 1)).value())) {
        throw new MalformedForm("a part of the form has a Content-Transfer-Encoding");
      }
    }
    var field = disposition == null ? null : disposition.parameter("name");
    if (disposition == null || field == null || !disposition.value().equals("form-data")) {
      throw new MalformedForm("a part of the form has no name");
    }
    return new Part(field, disposition.extendedParameter("filename"));
  }
}

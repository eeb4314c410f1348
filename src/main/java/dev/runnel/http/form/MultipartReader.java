package dev.runnel.http.form;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@code multipart/form-data} body apart while it arrives (RFC 7578). Holds the head of one
 * part, never its content.
 */
public final class MultipartReader {
  /** Who gets the parts, one after the other. */
  public interface Sink {
    void begin(Part head);

    /** The next piece of the part; the array is only lent. */
    void content(byte[] bytes, int from, int to);

    void end();
  }

  private static final int MAX_HEAD = 8 * 1024;

  /** What may follow a boundary on its line: blanks. */
  private static final int MAX_LINE_REST = 256;

  private static final Pattern BOUNDARY =
      Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

  /** CRLF and what ends a part: only its first byte is a CR, so a mismatch restarts there. */
  private final byte[] delimiter;

  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final PartHead head = new PartHead(MAX_HEAD);
  private State state = State.PREAMBLE;

  /** How many bytes of the delimiter the last ones are; the body begins as after a line. */
  private int matched = 2;

  private int parts;

  private enum State {
    PREAMBLE,
    BOUNDARY_LINE,
    HEAD,
    CONTENT,
    EPILOGUE
  }

  /** A reader of one body. */
  public MultipartReader(String boundary, Sink sink) {
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.sink = sink;
  }

  /** The boundary that a {@code Content-Type} names; null: it is no multipart form, or broken. */
  public static @Nullable String boundary(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    try {
      var type = HeaderValue.of(contentType);
      var boundary = type.parameter("boundary");
      return type.value().equals("multipart/form-data")
              && boundary != null
              && BOUNDARY.matcher(boundary).matches()
          ? boundary
          : null;
    } catch (MalformedForm broken) {
      return null;
    }
  }

  /** The next bytes of the body. Fails with {@link MalformedForm}. */
  public void read(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      at =
          switch (state) {
            case PREAMBLE, CONTENT -> untilDelimiter(bytes, at, length);
            case BOUNDARY_LINE -> restOfLine(bytes[at], at);
            case HEAD -> headByte(bytes[at], at);
            case EPILOGUE -> length;
          };
    }
  }

  /** The body has ended. Fails with {@link MalformedForm} when its last boundary is missing. */
  public void finish() {
    var closed = state == State.EPILOGUE || (state == State.BOUNDARY_LINE && isLast());
    if (!closed) {
      throw new MalformedForm("the form ends before its last boundary");
    }
  }

  private int untilDelimiter(byte[] bytes, int from, int length) {
    // Matched bytes that came with the piece before are not in this array.
    int carried = matched;
    int at = from;
    while (at < length) {
      if (bytes[at] == delimiter[matched]) {
        matched++;
        at++;
        if (matched == delimiter.length) {
          pass(bytes, from, at - (matched - carried));
          found();
          return at;
        }
      } else if (matched > 0) {
        pass(delimiter, 0, carried);
        carried = 0;
        matched = 0;
      } else {
        at++;
      }
    }
    pass(bytes, from, length - (matched - carried));
    return length;
  }

  private void pass(byte[] bytes, int from, int to) {
    if (state == State.CONTENT && to > from) {
      sink.content(bytes, from, to);
    }
  }

  private void found() {
    if (state == State.CONTENT) {
      sink.end();
    }
    matched = 0;
    line.reset();
    state = State.BOUNDARY_LINE;
  }

  private int restOfLine(byte next, int at) {
    line.write(next);
    if (isLast()) {
      state = State.EPILOGUE;
      return at + 1;
    }
    var text = line.toString(StandardCharsets.ISO_8859_1);
    if (text.endsWith("\r\n")) {
      FormFields.checkCount(++parts);
      head.begin();
      state = State.HEAD;
    } else if (text.length() > MAX_LINE_REST || !text.matches("-?|[ \t]*\r?")) {
      throw new MalformedForm("a boundary of the form is followed by something else");
    }
    return at + 1;
  }

  private boolean isLast() {
    return line.toString(StandardCharsets.ISO_8859_1).equals("--");
  }

  private int headByte(byte next, int at) {
    var part = head.add(next);
    if (part != null) {
      state = State.CONTENT;
      sink.begin(part);
    }
    return at + 1;
  }
}

package dev.runnel.http.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Multipart bodies, whole, in pieces, and broken. */
class MultipartReaderTest {
  private static final String A = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";

  /** What arrived of one part. */
  private record Seen(Part part, String content) {}

  private static List<Seen> read(byte[] body, int pieceSize) {
    var seen = new ArrayList<Seen>();
    var sink =
        new MultipartReader.Sink() {
          private final ByteArrayOutputStream content = new ByteArrayOutputStream();
          private Part part = new Part("", null);

          @Override
          public void begin(Part head) {
            part = head;
          }

          @Override
          public void content(byte[] bytes, int from, int to) {
            assertThat(to).isGreaterThan(from);
            content.write(bytes, from, to - from);
          }

          @Override
          public void end() {
            seen.add(new Seen(part, content.toString(StandardCharsets.ISO_8859_1)));
            content.reset();
          }
        };
    var reader = new MultipartReader("b", sink);
    for (int at = 0; at < body.length; at += pieceSize) {
      var piece = Arrays.copyOfRange(body, at, Math.min(at + pieceSize, body.length));
      reader.read(piece, piece.length);
    }
    reader.finish();
    return seen;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theSameComesOutHoweverTheBytesAreCut() {
    var tricky = "\r\r\n\r\n-\r\n--\r\n--c--b\r\n--\u0000\u00ff\r";
    var body =
        bytes(
            "a preamble\r\n"
                + A
                + tricky
                + "\r\n"
                + "--b \t\r\n"
                + "content-disposition: form-data; name=f; filename=\"x\\\"y\\z.sh\"\r\n"
                + "Content-Type: application/x-sh\r\n\r\n"
                + "\r\n"
                + "--b\r\n"
                + "Content-Disposition: form-data; name=\"\"\r\n\r\n"
                + "z\r\n"
                + "--b--\r\n"
                + "end");
    var whole = read(body, body.length);
    assertThat(whole)
        .containsExactly(
            new Seen(new Part("a", null), tricky),
            new Seen(new Part("f", "x\"y\\z.sh"), ""),
            new Seen(new Part("", null), "z"));
    for (int size = 1; size < body.length; size++) {
      assertThat(read(body, size)).as("pieces of " + size).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "--b",
        "--b\r\n",
        A,
        A + "1",
        A + "1\r\n--b",
        A + "1\r\n--b-",
        A + "1\r\n--bc--",
        A + "1\n--b--",
        "--bx\r\n",
        "--b\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--b--",
        "--b\r\nno header\r\n\r\n1\r\n--b--",
        "--b\r\n: x\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"\u00ff\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''%f\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\u0000\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Transfer-Encoding: base64\r\n"
            + "Content-Disposition: form-data; name=\"a\"\r\n\r\nMQ==\r\n--b--",
      })
  void whatIsNoFormIsSaidToBeNone(String body) {
    for (int size : new int[] {1, 7, 1000}) {
      assertThatThrownBy(() -> read(bytes(body), size)).isInstanceOf(MalformedForm.class);
    }
  }

  @Test
  void headsAndPartsHaveALimit() {
    var longHead = "--b\r\nX: " + "x".repeat(9000) + "\r\n\r\n\r\n--b--";
    assertThatThrownBy(() -> read(bytes(longHead), 1000)).hasMessageContaining("longer than");
    var longLine = "--b" + " ".repeat(1000) + "\r\n";
    assertThatThrownBy(() -> read(bytes(longLine), 1000)).isInstanceOf(MalformedForm.class);
    var many = (A + "1\r\n").repeat(FormFields.MAX_FIELDS);
    assertThat(read(bytes(many + "--b--"), 1000)).hasSize(FormFields.MAX_FIELDS);
    assertThatThrownBy(() -> read(bytes(many + A + "1\r\n--b--"), 1000))
        .hasMessageContaining("more than");
  }

  @Test
  void boundariesAreThoseOfForms() {
    assertThat(MultipartReader.boundary("multipart/form-data; boundary=x")).isEqualTo("x");
    assertThat(MultipartReader.boundary("Multipart/Form-Data ; a=1;Boundary=\"x y\"; c"))
        .isEqualTo("x y");
    for (var none :
        new String[] {
          "multipart/form-data",
          "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"x",
          "multipart/form-data; boundary=" + "x".repeat(71),
          "multipart/form-data; boundary=\"x \"",
          "multipart/form-data; boundary=é",
          "multipart/mixed; boundary=x",
          "boundary=x",
          ""
        }) {
      assertThat(MultipartReader.boundary(none)).as(none).isNull();
    }
    assertThat(MultipartReader.boundary(null)).isNull();
  }

  @Test
  void fileNamesOutsideAsciiAreReadInBothWaysTheyAreWritten() {
    var extended =
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\";"
            + " filename*=utf-8''caf%C3%A9\r\n\r\n\r\n--b--";
    assertThat(read(bytes(extended), 100).getFirst().part().fileName()).isEqualTo("café");
    var plain =
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"café\"\r\n\r\n\r\n--b--";
    assertThat(read(plain.getBytes(StandardCharsets.UTF_8), 100).getFirst().part().fileName())
        .isEqualTo("café");
  }

  @Test
  void urlEncodedFieldsKeepTheirOrder() {
    assertThat(UrlEncodedForm.fields(bytes("a=1+2&&b=%C3%A9%26&a=&c&=x&d=e=f")))
        .containsExactly(
            new FormField("a", "1 2"),
            new FormField("b", "é&"),
            new FormField("a", ""),
            new FormField("c", ""),
            new FormField("", "x"),
            new FormField("d", "e=f"));
    for (var broken : new String[] {"a=%", "a=%4", "a=%zz", "%ff=1", "a=%00", "a=\u00ff"}) {
      assertThatThrownBy(() -> UrlEncodedForm.fields(bytes(broken)))
          .as(broken)
          .isInstanceOf(MalformedForm.class);
    }
    assertThatThrownBy(() -> UrlEncodedForm.fields(bytes("a&".repeat(1001))))
        .isInstanceOf(MalformedForm.class);
  }
}

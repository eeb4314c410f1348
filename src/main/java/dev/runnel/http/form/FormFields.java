package dev.runnel.http.form;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the plain values of a multipart form; files are passed over. */
public final class FormFields implements MultipartReader.Sink {
  /** In one form, whatever its type. */
  public static final int MAX_FIELDS = 1_000;

  private final List<FormField> fields = new ArrayList<>();
  private final ByteArrayOutputStream value = new ByteArrayOutputStream();
  private @Nullable Part part;

  /** Fails with {@link MalformedForm}. */
  public static List<FormField> of(String boundary, byte[] body) {
    var fields = new FormFields();
    var reader = new MultipartReader(boundary, fields);
    reader.read(body, body.length);
    reader.finish();
    return fields.fields;
  }

  static void checkCount(int fields) {
    if (fields > MAX_FIELDS) {
      throw new MalformedForm("the form has more than " + MAX_FIELDS + " fields");
    }
  }

  @Override
  public void begin(Part head) {
    part = head;
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    if (part != null && !part.isFile()) {
      value.write(bytes, from, to - from);
    }
  }

  @Override
  public void end() {
    if (part != null && !part.isFile()) {
      fields.add(new FormField(part.name(), Utf8.text(value.toByteArray())));
      value.reset();
    }
  }
}

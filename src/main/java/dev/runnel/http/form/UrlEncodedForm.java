package dev.runnel.http.form;

import java.util.ArrayList;
import java.util.List;

/** {@code application/x-www-form-urlencoded}. */
public final class UrlEncodedForm {
  private UrlEncodedForm() {}

  /** Fails with {@link MalformedForm}: broken escapes, not UTF-8, a NUL, too many fields. */
  public static List<FormField> fields(byte[] body) {
    var fields = new ArrayList<FormField>();
    for (int from = 0; from < body.length; ) {
      int end = indexOf('&', body, from, body.length);
      if (end > from) {
        FormFields.checkCount(fields.size() + 1);
        int equals = indexOf('=', body, from, end);
        fields.add(
            new FormField(text(body, from, equals), text(body, Math.min(equals + 1, end), end)));
      }
      from = end + 1;
    }
    return fields;
  }

  private static String text(byte[] body, int from, int to) {
    return Utf8.text(Percent.decoded(body, from, to, true));
  }

  private static int indexOf(char wanted, byte[] body, int from, int to) {
    int at = from;
    while (at < to && body[at] != wanted) {
      at++;
    }
    return at;
  }
}

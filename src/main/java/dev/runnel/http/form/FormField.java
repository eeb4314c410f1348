package dev.runnel.http.form;

/** One name with one value; a form may hold the name again. */
public record FormField(String name, String value) {
  /** Name of a field that holds a JSON object; its keys stand beside the fields and win. */
  public static final String JSON_PAYLOAD = "@jsonPayload";
}

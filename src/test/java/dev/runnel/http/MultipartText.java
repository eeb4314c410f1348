package dev.runnel.http;

import java.nio.charset.StandardCharsets;

/** A multipart form as a test writes it down. */
final class MultipartText {
  static final String TYPE = "multipart/form-data; boundary=edge";

  private final StringBuilder text = new StringBuilder();

  MultipartText file(String fileName, String content) {
    return part("name=\"file\"; filename=\"" + fileName + "\"", content);
  }

  MultipartText field(String name, String value) {
    return part("name=\"" + name + "\"", value);
  }

  MultipartText part(String disposition, String content) {
    text.append("--edge\r\nContent-Disposition: form-data; ")
        .append(disposition)
        .append("\r\n\r\n")
        .append(content)
        .append("\r\n");
    return this;
  }

  /** Without its last boundary. */
  String open() {
    return text.toString();
  }

  byte[] bytes() {
    return (text + "--edge--\r\n").getBytes(StandardCharsets.UTF_8);
  }
}

package dev.runnel.http.form;

import org.jspecify.annotations.Nullable;

/**
 * What the head of a part says.
 *
 * @param name of the field
 * @param fileName as the sender wrote it, with any path; null: the part is a plain value
 */
public record Part(String name, @Nullable String fileName) {

  /** The part is a file, or meant to be one. */
  public boolean isFile() {
    return fileName != null;
  }
}

package dev.runnel.files;

import java.io.IOException;

/** The place for a file could not be made ready. */
public final class CannotPrepare extends IOException {
  CannotPrepare(IOException cause) {
    super(cause.toString(), cause);
  }
}

package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** The embedded database cannot be used; the message says why and what to do. */
public final class DatabaseUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnusable(String message) {
    super(message);
  }

  /** What could not be done because of a file, in words for a person. */
  DatabaseUnusable(String failed, IOException cause) {
    super(failed + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for "
          + denied.getFile()
          + ". Run as the folder's owner, or set another RUNNEL_DATA_DIR.";
    }
    var reason =
        cause instanceof FileSystemException of && of.getReason() != null
            ? of.getFile() + ": " + of.getReason()
            : String.valueOf(cause.getMessage());
    return reason.contains("No space left")
        ? reason + ". A new database needs 200 MB; free them, or set another RUNNEL_DATA_DIR."
        : reason;
  }
}

package dev.runnel.http.bosbase;

import dev.runnel.files.CannotPrepare;
import dev.runnel.files.Upload;
import dev.runnel.files.UploadPath;
import dev.runnel.files.Uploads;
import dev.runnel.http.Fields;
import dev.runnel.http.Refusal;
import dev.runnel.http.Refused;
import dev.runnel.http.form.FormField;
import dev.runnel.http.form.MultipartReader;
import dev.runnel.http.form.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The form of one upload while it arrives: the first file named {@code file} goes to the disk at
 * once, {@code path} may come later, also in JSON. Every method blocks.
 */
final class IncomingFile implements MultipartReader.Sink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingFile.class);

  /** In bytes, in the body beside the file itself. */
  static final int ENVELOPE = 64 * 1024;

  private static final int MAX_PATH = 8 * 1024;

  private final Uploads uploads;
  private final MultipartReader reader;
  private final ByteArrayOutputStream path = new ByteArrayOutputStream();
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private @Nullable Upload upload;
  private String fileName = "";
  private Current current = Current.OTHER;
  private boolean hasPath;
  private long size;
  private long seen;
  private boolean closed;

  private enum Current {
    FILE,
    PATH,
    PAYLOAD,
    OTHER
  }

  IncomingFile(Uploads uploads, String boundary) {
    this.uploads = uploads;
    this.reader = new MultipartReader(boundary, this);
  }

  /** The next bytes of the body. */
  synchronized @Nullable Void take(byte[] bytes, int length) {
    seen += length;
    reader.read(bytes, length);
    return null;
  }

  /** The body has ended; answers where its file is to go. */
  synchronized UploadPath destination() {
    if (seen > 0) {
      reader.finish();
    }
    if (upload == null) {
      throw Refuse.badRequest("File is required.");
    }
    var given = path();
    var wanted = given.isBlank() ? UploadPath.baseName(fileName) : given;
    if (wanted.isBlank()) {
      throw Refuse.badRequest("Path is required.");
    }
    return UploadPath.of(wanted);
  }

  /** As its field says, or in JSON, which wins as in every form. */
  private String path() {
    var said = payload.size() == 0 ? null : Fields.ofJson(payload.toByteArray()).text("path");
    return said == null ? path.toString(StandardCharsets.UTF_8) : said;
  }

  synchronized Path store(UploadPath destination) {
    if (upload == null) {
      throw new IllegalStateException("There is no file");
    }
    try {
      return upload.storeAs(destination);
    } catch (IOException failure) {
      throw failed(failure);
    }
  }

  @Override
  public void begin(Part part) {
    current = Current.OTHER;
    if (part.isFile() && part.name().equals("file") && upload == null) {
      current = Current.FILE;
      fileName = String.valueOf(part.fileName());
      try {
        if (closed) {
          throw new IOException("the caller has gone");
        }
        upload = uploads.begin();
      } catch (IOException failure) {
        throw failed(failure);
      }
    } else if (!part.isFile() && part.name().equals("path") && !hasPath) {
      current = Current.PATH;
      hasPath = true;
    } else if (!part.isFile()
        && part.name().equals(FormField.JSON_PAYLOAD)
        && payload.size() == 0) {
      current = Current.PAYLOAD;
    }
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    switch (current) {
      case FILE -> {
        size += to - from;
        if (size > uploads.limit() || upload == null) {
          throw new Refused(new Refusal.TooLarge(uploads.limit()));
        }
        try {
          upload.write(bytes, from, to);
        } catch (IOException failure) {
          throw failed(failure);
        }
      }
      case PATH -> collect(path, bytes, from, to);
      case PAYLOAD -> collect(payload, bytes, from, to);
      case OTHER -> {}
    }
  }

  private static void collect(ByteArrayOutputStream text, byte[] bytes, int from, int to) {
    if (text.size() + to - from > MAX_PATH) {
      throw Refuse.badRequest("Invalid path.");
    }
    text.write(bytes, from, to - from);
  }

  @Override
  public void end() {
    current = Current.OTHER;
  }

  private static Refuse failed(IOException failure) {
    LOG.warn("An upload could not be stored: {}", failure.toString());
    return Refuse.failed(
        failure instanceof CannotPrepare
            ? "Failed to prepare upload destination."
            : "Failed to store uploaded file.");
  }

  /** Removes what was not stored. */
  @Override
  public synchronized void close() {
    closed = true;
    if (upload != null) {
      upload.close();
    }
  }
}

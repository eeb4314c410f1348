package dev.runnel.worker.wasm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One module to run, as the service asks for it.
 *
 * @param directory what relative paths are relative to
 * @param options the words in front of the module, as the command line {@code wasmedge} takes them
 * @param wasm the module's file
 * @param params the words behind it
 * @param pages the most memory that the module may have, in pages of 64 KiB
 * @param cpuMillis processor time after which it is ended; 0 is no limit
 */
public record Order(
    String directory,
    List<String> options,
    String wasm,
    List<String> params,
    int pages,
    long cpuMillis) {
  private static final int LONGEST_TEXT = 64 << 20;

  /** The bytes of a page. */
  public static final int PAGE = 64 * 1024;

  /** Sends it. */
  public void write(DataOutputStream out) throws IOException {
    write(directory, out);
    write(options, out);
    write(wasm, out);
    write(params, out);
    out.writeInt(pages);
    out.writeLong(cpuMillis);
    out.flush();
  }

  /**
   * The next one.
   *
   * @throws java.io.EOFException when no more will come
   */
  static Order read(DataInputStream in) throws IOException {
    return new Order(text(in), texts(in), text(in), texts(in), in.readInt(), in.readLong());
  }

  private static void write(List<String> texts, DataOutputStream out) throws IOException {
    out.writeInt(texts.size());
    for (var text : texts) {
      write(text, out);
    }
  }

  private static void write(String text, DataOutputStream out) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    var texts = new ArrayList<String>();
    for (var left = in.readInt(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  private static String text(DataInputStream in) throws IOException {
    var length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IOException("No text has " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}

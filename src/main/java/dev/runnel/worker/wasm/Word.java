package dev.runnel.worker.wasm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a worker tells the service while it runs a module; {@link Begun} is the first and {@link
 * Ended} the last of each.
 */
public sealed interface Word {
  /** The most output in one word, in bytes. */
  int LONGEST = 64 * 1024;

  /** The worker has got the order: from here on it may have had effects. */
  record Begun() implements Word {}

  /** The module has printed this. */
  record Printed(boolean error, byte[] bytes) implements Word {}

  /**
   * The module has ended.
   *
   * @param cpuNanos processor time it took; below zero when that is not known
   * @param limit which limit ended it
   * @param worn the worker has suffered: it must run nothing else
   */
  record Ended(int code, long cpuNanos, Limit limit, boolean worn) implements Word {}

  /** What a module can come up against that is a limit of its run. */
  enum Limit {
    NONE,
    CPU,
    MEMORY
  }

  private static Limit limit(String name) throws IOException {
    try {
      return Limit.valueOf(name);
    } catch (IllegalArgumentException unknown) {
      throw new IOException("There is no limit " + name, unknown);
    }
  }

  /** Sends it. */
  default void write(DataOutputStream out) throws IOException {
    switch (this) {
      case Begun() -> out.writeByte('b');
      case Printed(var error, var bytes) -> {
        out.writeByte(error ? 'e' : 'o');
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      case Ended(var code, var cpuNanos, var limit, var worn) -> {
        out.writeByte('x');
        out.writeInt(code);
        out.writeLong(cpuNanos);
        out.writeUTF(limit.name());
        out.writeBoolean(worn);
      }
    }
    out.flush();
  }

  /**
   * The next one.
   *
   * @throws java.io.EOFException when the worker is gone
   * @throws IOException also for what is no word of a worker
   */
  static Word read(DataInputStream in) throws IOException {
    var kind = in.readByte();
    return switch (kind) {
      case 'b' -> new Begun();
      case 'o', 'e' -> {
        var length = in.readInt();
        if (length < 0 || length > LONGEST) {
          throw new IOException("No word has " + length + " bytes");
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        yield new Printed(kind == 'e', bytes);
      }
      case 'x' -> new Ended(in.readInt(), in.readLong(), limit(in.readUTF()), in.readBoolean());
      default -> throw new IOException("No word begins with " + kind);
    };
  }
}

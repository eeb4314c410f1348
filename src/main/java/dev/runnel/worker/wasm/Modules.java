package dev.runnel.worker.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Modules that were compiled before, by their content. Belongs to one thread at a time. */
final class Modules {
  /** Modules that are kept. */
  private static final int MOST = 16;

  /** Bytes of all modules that are kept; compiled they are several times as large. */
  private static final long MOST_BYTES = 16 << 20;

  private static final byte[] MAGIC = {0, 'a', 's', 'm'};

  /**
   * A module that can be instantiated.
   *
   * @param size bytes of its file
   */
  record Compiled(WasmModule module, Function<Instance, Machine> machine, long size) {}

  /** The one used last is the last. */
  private final Map<String, Compiled> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /**
   * The module in that file as it is now.
   *
   * @param largest the most bytes that a file may have
   */
  Compiled of(Path file, long largest) throws Refused {
    var content = read(file, largest);
    var digest = digest(content);
    var known = kept.get(digest);
    if (known != null) {
      return known;
    }
    var fresh = compiled(file, content);
    kept.put(digest, fresh);
    bytes += fresh.size;
    var oldest = kept.values().iterator();
    while (kept.size() > 1 && (kept.size() > MOST || bytes > MOST_BYTES)) {
      bytes -= oldest.next().size;
      oldest.remove();
    }
    return fresh;
  }

  private static byte[] read(Path file, long largest) throws Refused {
    if (!Files.exists(file)) {
      throw new Refused("there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new Refused(file + " is not a file");
    }
    try {
      var size = Files.size(file);
      if (size > largest) {
        throw new Refused(file + " is too large: " + size + " bytes of at most " + largest);
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new Refused(file + " cannot be read: " + unreadable, unreadable);
    }
  }

  private static Compiled compiled(Path file, byte[] content) throws Refused {
    if (content.length < 8 || !Arrays.equals(content, 0, 4, MAGIC, 0, 4)) {
      throw new Refused(file.getFileName() + " is no WebAssembly module: its magic is not \\0asm");
    }
    try {
      var module = Parser.parse(content);
      var machine =
          MachineFactoryCompiler.builder(module)
              .withInterpreterFallback(InterpreterFallback.SILENT)
              .compile();
      return new Compiled(module, machine, content.length);
    } catch (ChicoryException malformed) {
      throw new Refused(
          file.getFileName() + " is no valid WebAssembly module: " + malformed.getMessage(),
          malformed);
    }
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }
}

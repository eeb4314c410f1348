package dev.runnel.execution.wasm;

import dev.runnel.config.WasmOptions;
import dev.runnel.worker.wasm.Main;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How a worker's JVM is started: out of the same classes or jar as this one. */
final class WorkerJvm {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  /** What parsing and compiling take beside the module's own memory. */
  private static final long ROOM = 128 << 20;

  private WorkerJvm() {}

  /** The arguments after {@code java}. */
  static List<String> arguments(WasmOptions options) {
    // A memory that grows is there twice for a moment.
    var heap = 2 * options.memory() + ROOM;
    return List.of(
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:MinHeapFreeRatio=10",
        "-XX:MaxHeapFreeRatio=30",
        "-XX:MaxMetaspaceSize=192m",
        "-XX:ReservedCodeCacheSize=96m",
        "-XX:MaxDirectMemorySize=32m",
        // Without, a compiled loop may keep the JVM from ending itself.
        "-XX:+UseCountedLoopSafepoints",
        "-XX:LoopStripMiningIter=1000",
        // Nothing of it lies about in EXECUTE_PATH or /tmp.
        "-XX:+SuppressFatalErrorMessage",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        "-classpath",
        classPath(),
        Main.class.getName(),
        Long.toString(options.memory() / 4));
  }

  /** It starts in another directory. */
  private static String classPath() {
    return Arrays.stream(SEPARATOR.split(System.getProperty("java.class.path")))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}

package dev.runnel.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.worker.wasm.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Puts modules into a service's EXECUTE_PATH, and finds the processes that run them. */
final class Modules {
  private static final Path SAMPLES = Path.of("src", "test", "resources", "wasm");
  private static final Path FUNCTIONS = Path.of("functions");

  private Modules() {}

  static void copy(Path functions) throws IOException {
    Files.createDirectories(functions.resolve("sub"));
    for (var name : List.of("sums.wasm", "echo.wasm", "files.wasm")) {
      Files.copy(SAMPLES.resolve(name), functions.resolve(name));
    }
    Files.copy(FUNCTIONS.resolve("fibonacci.wasm"), functions.resolve("fibonacci.wasm"));
  }

  static JsonNode call(String options, String wasm, String params) {
    return Client.JSON
        .createObjectNode()
        .put("options", options)
        .put("wasm", wasm)
        .put("params", params);
  }

  /** The worker processes of that service. */
  static Stream<ProcessHandle> workers(long service) {
    return ProcessHandle.of(service).stream()
        .flatMap(ProcessHandle::children)
        .filter(Modules::isWorker);
  }

  /** Not one that has ended, though nobody has asked for its end yet. */
  static boolean isWorker(ProcessHandle process) {
    return arguments(process.pid()).contains(Main.class.getName());
  }

  /** All of them; the JDK gives up on long ones. */
  private static String arguments(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}

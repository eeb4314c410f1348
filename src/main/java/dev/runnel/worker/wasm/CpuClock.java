package dev.runnel.worker.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how much processor time one thread of this process has had. */
final class CpuClock {
  /** The time is not known. */
  static final long UNKNOWN = -1;

  private final Path schedule;

  private CpuClock(Path schedule) {
    this.schedule = schedule;
  }

  /** Of the thread that calls. */
  static CpuClock ofThisThread() {
    var self = Path.of("/proc/thread-self");
    try {
      return new CpuClock(
          Path.of("/proc").resolve(Files.readSymbolicLink(self)).resolve("schedstat"));
    } catch (IOException unknown) {
      return new CpuClock(self);
    }
  }

  /** Nanoseconds since the thread began; {@link #UNKNOWN} where the kernel does not say. */
  long nanos() {
    try {
      var text = Files.readString(schedule);
      return Long.parseLong(text.substring(0, text.indexOf(' ')));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException unknown) {
      return UNKNOWN;
    }
  }
}

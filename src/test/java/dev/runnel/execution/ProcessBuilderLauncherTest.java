package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ProcessBuilderLauncherTest extends LauncherContract {
  /** Signals 32 and 33, which glibc uses inside and has ignored in what the JDK starts. */
  private static final long OF_GLIBC = 0x1_8000_0000L;

  @Override
  Launcher launcher() {
    return new ProcessBuilderLauncher(null);
  }

  @Override
  long mayStayIgnored() throws IOException {
    return signals(Files.readString(Path.of("/proc/self/status")), "SigIgn") | OF_GLIBC;
  }
}

package dev.runnel.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A service that starts a run, says what to write down about it, and waits to be killed. */
final class CrashedService {
  private CrashedService() {}

  /**
   * Starts the script that is the second argument as the run that is the first, and prints its
   * leader and its output.
   */
  public static void main(String[] args) throws Exception {
    var tree = ProcessTree.ofThisJvm();
    var launcher = new NativeLauncher(tree, null);
    var said = new Recorder();
    var launch =
        new Launch(
            List.of("bash", "-c", args[1]),
            Map.of("PATH", Launches.PATH, Launch.RUN_ID, args[0]),
            Path.of("/"),
            null,
            RunLimits.NONE);
    var child = launcher.start(launch, said);
    var out = said.awaitOut("ready");
    System.out.print(child.pid() + " " + child.startTime() + "\n" + out);
    System.out.flush();
    new CountDownLatch(1).await();
  }
}

package dev.runnel.execution;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes with the JDK's means and {@code setsid} in front, where native starts cannot be
 * had. Two things are weaker: signals the service was started with as ignored stay ignored, and
 * what a descendant prints after the child's end is lost, because the JDK closes the pipes then.
 */
final class ProcessBuilderLauncher implements Launcher {
  private static final Pattern ERROR = Pattern.compile("error[=:] ?([0-9]+)");
  private static final Charset ARGUMENTS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private final Lineage lineage = Lineage.ofThisJvm();
  private final @Nullable RunAs runAs;
  private final String setsid;

  /**
   * @param runAs the user scripts run as; null for the service's own
   * @throws IllegalStateException where there is no setsid
   */
  ProcessBuilderLauncher(@Nullable RunAs runAs) {
    this.runAs = runAs;
    this.setsid =
        OnPath.find("setsid")
            .orElseThrow(
                () -> new IllegalStateException("setsid executable not found: install util-linux"));
  }

  @Override
  public Child start(Launch launch, ChildListener listener) throws StartFailed {
    var program = Executable.find(launch);
    List<String> argv = new ArrayList<>(List.of(setsid));
    argv.addAll(runAs == null ? launch.argv() : runAs.argv(program, launch));
    refuseWhatWouldBeGarbled(argv);
    var builder = new ProcessBuilder(argv).directory(launch.workingDirectory().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    if (launch.stdin() == null) {
      builder.redirectInput(new File("/dev/null"));
    }
    var child = start(builder, launch, listener);
    Rlimits.apply(child.pid(), launch.limits(), runAs);
    child.read(launch.stdin());
    return child;
  }

  private ProcessBuilderChild start(ProcessBuilder builder, Launch launch, ChildListener listener)
      throws StartFailed {
    var birth = lineage.birth();
    birth.lock();
    try {
      long before = Proc.now();
      var process = builder.start();
      var id =
          Proc.stat(process.pid())
              .map(ProcessStat::id)
              .orElse(new ProcessId(process.pid(), before));
      lineage.born(Leader.newborn(id, launch.runId()));
      return new ProcessBuilderChild(id, process, listener);
    } catch (IOException e) {
      throw StartFailed.because(error(e), launch);
    } finally {
      birth.unlock();
    }
  }

  /** The JDK turns characters its locale does not have into question marks. */
  private static void refuseWhatWouldBeGarbled(List<String> argv) throws StartFailed {
    var encoder = ARGUMENTS.newEncoder();
    for (var argument : argv) {
      if (!encoder.canEncode(argument)) {
        throw new StartFailed(
            StartFailed.Obstacle.OTHER,
            "The service's locale cannot pass '" + argument + "' on: start it with LC_ALL=C.UTF-8");
      }
    }
  }

  private static int error(IOException e) {
    var found = ERROR.matcher(String.valueOf(e.getMessage()));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /** There is nothing to give up: every child has its own threads. */
  @Override
  public void close() {}
}

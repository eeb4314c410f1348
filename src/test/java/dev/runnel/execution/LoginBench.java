package dev.runnel.execution;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.bash.Bash;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a login costs a run: each time, restored, and left out. */
@Tag("bench")
class LoginBench {
  /** Version switchers and prompts start dozens of processes. */
  private static final String HEAVY =
      """
      for i in {1..40}; do V=$(printf %d $i; :); export "TOOL_$i=$(echo "$V" | tr 0-9 a-j)"; done
      for i in {1..30}; do eval "function_$i() { local x=\\$1; echo \\"\\$x $i\\"; }"; done
      PATH="$HOME/.tool/bin:$PATH"
      alias ll='ls -l'
      """;

  private static final int RUNS = 300;
  private static final int FEW = 30;

  @Test
  void aHeavyProfile(@TempDir Path directory) throws Exception {
    var home = Homes.with(directory.resolve("home"), HEAVY);
    var environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
    try (var stage = new Stage(directory.resolve("stage"), environment, null)) {
      var snapshot = new Bash(BashLogin.SNAPSHOT);
      var off = new Bash(BashLogin.OFF);
      p50(stage, off, RUNS); // warm
      p50(stage, snapshot, RUNS);
      var plain = p50(stage, off, RUNS);
      var restored = p50(stage, snapshot, RUNS);
      System.out.printf(
          "start to end of `echo hi`, p50: bash -c %.2f ms; snapshot of a login %.2f ms (%.2fx);"
              + " real login %.1f ms%n",
          plain, restored, restored / plain, p50(stage, new Bash(BashLogin.EXEC), FEW));
    }
  }

  private static double p50(Stage stage, Interpreter bash, int runs) throws Exception {
    var sample = Sample.bash("echo hi");
    var times = new double[runs];
    for (var i = 0; i < runs; i++) {
      var start = System.nanoTime();
      stage.run(bash, sample);
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(times);
    return times[runs / 2];
  }
}

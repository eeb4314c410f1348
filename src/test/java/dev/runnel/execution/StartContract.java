package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.execution.Stage.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However the engine starts a script, the script sees what it would see of the bare interpreter. A
 * way to start faster is one more subclass.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StartContract {
  private Stage stage;
  private Interpreter fast;

  /** The way under test. */
  abstract Interpreter fast();

  /** What is started. */
  abstract List<Sample> samples();

  /** Whether this start took the fast way; one that is not ready yet may not have. */
  abstract boolean wasFast(Sample sample, Seen seen);

  /** The service's environment. */
  Map<String, String> environment(Path directory) throws Exception {
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", Homes.heavy(directory.resolve("home")).toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("RC", "service");
    environment.put("BASH_FUNC_inherited%%", "() { echo inherited; }");
    environment.put("unset_by_profile", "x");
    environment.put("not-a.name", "kept");
    return environment;
  }

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    stage = new Stage(directory.resolve("stage"), environment(directory), null);
    fast = fast();
  }

  @AfterAll
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void looks_the_same(Sample sample) throws Exception {
    var cold = stage.run(new Cold(), sample);
    assertThat(cold.argv()).doesNotContain("--noprofile");
    assertThat(fastRun(sample).observed()).isEqualTo(cold.observed());
  }

  private Seen fastRun(Sample sample) {
    var seen = new AtomicReference<Seen>();
    await(sample.toString())
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          seen.set(stage.run(fast, sample));
          return wasFast(sample, seen.get());
        });
    return seen.get();
  }
}

package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts under a user of their own; changing the user takes root. */
class RunAsTest {
  private final ProcessTree tree = ProcessTree.ofThisJvm();

  private static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private Launcher launcher(String kind) {
    var nobody = RunAs.user("nobody");
    return kind.equals("native")
        ? new NativeLauncher(tree, nobody)
        : new ProcessBuilderLauncher(nobody);
  }

  @ParameterizedTest
  @ValueSource(strings = {"native", "fallback"})
  void a_script_has_the_user_s_rights_and_no_way_to_more(String kind) throws Exception {
    assumeTrue(isRoot(), "changing the user takes root");
    try (var launcher = launcher(kind)) {
      var said = new Recorder();
      var launch =
          Launches.bash(
              "id -un; cat /proc/$PPID/environ 2>/dev/null | wc -c;"
                  + " grep -E '^(Cap...|NoNewPrivs)' /proc/self/status | tr -s '\\t0\\n' ' '");
      var child = launcher.start(launch, said);
      said.awaitExit();
      said.awaitClosed();
      tree.kill(child.id());
      assertThat(said.err()).isEmpty();
      assertThat(said.out())
          .isEqualTo("nobody\n0\nCapInh: CapPrm: CapEff: CapBnd: CapAmb: NoNewPrivs: 1 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"native", "fallback"})
  void what_cannot_start_is_known_before_the_user_changes(String kind) throws Exception {
    assumeTrue(isRoot(), "changing the user takes root");
    try (var launcher = launcher(kind)) {
      assertThatThrownBy(() -> launcher.start(Launches.of("no-such-node"), new Recorder()))
          .hasMessage("no-such-node executable not found");
    }
  }

  @Test
  void an_unknown_user_is_refused_with_advice() {
    assertThatThrownBy(() -> RunAs.user("no-such-user"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("useradd");
  }

  @Test
  void the_program_follows_the_change_of_user() {
    var argv = new RunAs("/usr/bin/setpriv", "web", "33").argv("/bin/bash", List.of("bash", "-c"));
    assertThat(argv).startsWith("/usr/bin/setpriv", "--reuid=web", "--regid=33").contains("--");
    assertThat(argv.subList(argv.indexOf("--"), argv.size()))
        .containsExactly("--", "/bin/bash", "-c");
  }
}

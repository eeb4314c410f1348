package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void home_and_name_are_the_user_s_where_the_service_has_some() {
    var nobody = RunAs.user("nobody");
    assertThat(nobody.own(Map.of("HOME", "/root", "LOGNAME", "root", "PATH", "/bin")))
        .containsEntry("LOGNAME", "nobody")
        .containsEntry("PATH", "/bin")
        .hasSize(3)
        .extractingByKey("HOME")
        .isNotEqualTo("/root");
    assertThat(RunAs.user("65534")).returns(nobody.identity(), RunAs::identity);
  }

  @Test
  void an_unknown_user_is_refused_with_advice() {
    assertThatThrownBy(() -> RunAs.user("no-such-user"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("useradd");
  }

  @Test
  void the_program_follows_the_change_of_user() {
    var web = new RunAs("/usr/bin/setpriv", "web", "33", Map.of(), null);
    var argv = web.argv("/bin/bash", Launches.of("bash", "-c"));
    assertThat(argv).startsWith("/usr/bin/setpriv", "--reuid=web", "--regid=33").contains("--");
    assertThat(argv.subList(argv.indexOf("--"), argv.size()))
        .containsExactly("--", "/bin/bash", "-c");
  }

  @Test
  void where_another_user_s_process_cannot_be_limited_that_comes_first() throws Exception {
    assumeTrue(isRoot(), "changing the user takes root");
    var plain = RunAs.user("nobody");
    var user =
        new RunAs(plain.setpriv(), plain.user(), plain.group(), Map.of(), "/usr/bin/prlimit");
    var limits = new RunLimits(Duration.ofSeconds(7), null, 50L, 33L, 1L << 20);
    assertThat(user.argv("/bin/sh", Launches.with(Launches.of("sh"), limits)))
        .startsWith("/usr/bin/prlimit", "--core=0:0", "--cpu=7:8")
        .containsSequence("--nofile=33:33", "--fsize=1048576:1048576", "--", plain.setpriv());
    var beyond = new RunLimits(null, null, null, Long.MAX_VALUE - 1, null);
    try (var launcher = new NativeLauncher(tree, user)) {
      for (var each : List.of(limits, beyond)) {
        var said = new Recorder();
        var child = launcher.start(Launches.with(Launches.bash("id -un; ulimit -n"), each), said);
        said.awaitExit();
        said.awaitClosed();
        tree.kill(child.id());
        assertThat(said.out()).as(said.err()).startsWith("nobody\n");
        if (each.equals(limits)) {
          assertThat(said.out()).endsWith("\n33\n");
        }
      }
    }
  }

  @Test
  void what_comes_first_is_not_hindered_by_limits_that_are_set_meanwhile(@TempDir Path directory)
      throws Exception {
    assumeTrue(isRoot(), "changing the user takes root");
    var none =
        Files.writeString(
            directory.resolve("none"),
            "#!/bin/bash\nwhile [ $1 != -- ]; do shift; done\nshift\nexec \"$@\"\n");
    assertThat(none.toFile().setExecutable(true)).isTrue();
    var plain = RunAs.user("nobody");
    var user = new RunAs(plain.setpriv(), plain.user(), plain.group(), Map.of(), none.toString());
    var limits = new RunLimits(null, null, null, 33L, null);
    try (var launcher = new NativeLauncher(tree, user)) {
      var said = new Recorder();
      var child = launcher.start(Launches.with(Launches.bash("ulimit -n"), limits), said);
      said.awaitClosed();
      tree.kill(child.id());
      assertThat(said.out()).isNotEmpty().isNotEqualTo("33\n");
    }
  }
}

package dev.runnel.execution.bash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.Homes;
import dev.runnel.execution.Sample;
import dev.runnel.execution.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When runs get the snapshot of a login, and when a real one. */
class LoginShellsTest {
  private static final Sample WORD = Sample.bash("echo $WORD");

  @TempDir Path directory;
  private Path home;
  private Stage stage;
  private final Bash bash = new Bash(BashLogin.SNAPSHOT);

  @BeforeEach
  void open() throws Exception {
    home = Files.createDirectories(directory.resolve("home"));
    stage = stage(directory, home, null);
  }

  private static Stage stage(Path directory, Path home, @Nullable String runAs) throws Exception {
    var environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
    return new Stage(directory.resolve("stage"), environment, runAs);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private static boolean isFast(Stage.Seen seen) {
    return seen.argv().contains("--noprofile");
  }

  private void awaitFast(Stage on, Sample sample, String out) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          var seen = on.run(bash, sample);
          assertThat(seen.out()).isEqualTo(out);
          assertThat(seen.err()).isEmpty();
          return isFast(seen);
        });
  }

  private void awaitFast(Sample sample, String out) {
    awaitFast(stage, sample, out);
  }

  /** The very next run sees the change. */
  private void changed(String out) throws Exception {
    var next = stage.run(bash, WORD);
    assertThat(next.out()).isEqualTo(out);
    assertThat(isFast(next)).isFalse();
    awaitFast(WORD, out);
  }

  @Test
  void an_environment_is_looked_into_when_it_comes_again() throws Exception {
    Homes.with(home, "WORD=one");
    assertThat(isFast(stage.run(bash, WORD))).isFalse();
    awaitFast(WORD, "one\n");
    assertThat(isFast(stage.run(bash, WORD.where("OTHER", "x")))).isFalse();
    assertThat(isFast(stage.run(bash, WORD))).isTrue();
  }

  @Test
  void a_changed_profile_holds_for_the_next_run() throws Exception {
    Homes.with(home, "WORD=one");
    awaitFast(WORD, "one\n");
    Homes.with(home, "WORD=other");
    changed("other\n");
    Files.delete(home.resolve(".bash_profile"));
    changed("\n");
    Files.writeString(home.resolve(".profile"), "WORD=last");
    changed("last\n");
    Files.writeString(home.resolve(".bash_login"), "WORD=before");
    changed("before\n");
  }

  @Test
  void so_does_a_changed_file_that_a_profile_reads() throws Exception {
    var parts = Files.createDirectories(home.resolve("my parts"));
    Homes.with(
        home,
        "PS4='mine: '; for f in ~/'my parts'/*; do . \"$f\"; done;"
            + " [ -f ~/it\\'s ] && source ~/it\\'s; [ -z \"${later-}\" ] || . later");
    Files.writeString(parts.resolve("a"), "WORD=one");
    awaitFast(WORD, "one\n");
    Files.writeString(parts.resolve("a"), "WORD=other");
    changed("other\n");
    Files.writeString(parts.resolve("b"), "WORD=$WORD,two");
    changed("other,two\n");
    Files.writeString(home.resolve("it's"), "f() { :; }");
    Files.writeString(parts.resolve("b"), "WORD=quoted");
    changed("quoted\n");
    Files.writeString(home.resolve("it's"), "WORD=its");
    changed("its\n");
  }

  @Test
  void each_environment_has_its_own() throws Exception {
    Homes.with(home, "WORD=\"$OTHER!\"; export PATH=\"$PATH:/$OTHER\"");
    var one = Sample.bash("echo $WORD ${PATH##*:}").where("OTHER", "one");
    var two = Sample.bash("echo $WORD ${PATH##*:}").where("OTHER", "two");
    awaitFast(one, "one! /one\n");
    awaitFast(two, "two! /two\n");
    assertThat(stage.run(bash, one).out()).isEqualTo("one! /one\n");
  }

  @Test
  void the_secrets_of_a_run_stay_out_of_the_file() throws Exception {
    Homes.with(home, "WORD=one");
    var sample =
        Sample.bash("cat /proc/$$/environ | tr '\\0' '\\n' | grep -a ^BASH_ENV | cut -d= -f2");
    var secret = sample.where("TOKEN", "canary-7f3a");
    awaitFast(Sample.bash("echo $WORD").where("TOKEN", "canary-7f3a"), "one\n");
    var file = stage.run(bash, secret).out().strip();
    assertThat(file).contains("/lib/login-");
    var text =
        stage.run(
            bash,
            Sample.bash("cat /proc/$$/environ >/dev/null; " + readOwn())
                .where("TOKEN", "canary-7f3a"));
    assertThat(text.out()).contains("WORD=\"one\"").doesNotContain("canary");
  }

  private static String readOwn() {
    return "cat \"$(tr '\\0' '\\n' </proc/$$/environ | sed -n 's/^BASH_ENV=//p')\"";
  }

  @Test
  void what_cannot_be_restored_is_run_each_time() throws Exception {
    Homes.with(home, "echo from the profile; WORD=one");
    var taken = new LoginTaker(stage.workplace(bash, WORD)).take();
    assertThat(taken).isInstanceOf(Login.Real.class);
    for (var i = 0; i < 8; i++) {
      var seen = stage.run(bash, WORD);
      assertThat(isFast(seen)).isFalse();
      assertThat(seen.out()).isEqualTo("from the profile\none\n");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXEC", "OFF"})
  void the_other_modes_take_none(BashLogin mode) throws Exception {
    Homes.with(home, "WORD=one");
    var plain = new Bash(mode);
    for (var i = 0; i < 5; i++) {
      var seen = stage.run(plain, WORD.with("a"));
      assertThat(seen.out()).isEqualTo(mode == BashLogin.OFF ? "\n" : "one\n");
      assertThat(seen.argv().subList(0, 2))
          .containsExactly("bash", mode == BashLogin.OFF ? "-c" : "-lc");
    }
  }

  @Test
  void another_user_s_scripts_can_read_it_and_nobody_else() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "changing the user takes root");
    var all = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    var open = Files.createTempDirectory("login", all);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    var theirs = Files.createDirectories(open.resolve("home"));
    Homes.with(theirs, "WORD=$(id -un); umask 077");
    try (var other = stage(open, theirs, "nobody")) {
      awaitFast(other, Sample.bash("echo $WORD; umask"), "nobody\n0077\n");
      var mode =
          Sample.bash(
              "echo $WORD; umask; f=$(tr '\\0' '\\n' </proc/$$/environ | sed -n"
                  + " 's/^BASH_ENV=//p')\n"
                  + "[ -z \"$f\" ] || stat -Lc '%a %U' \"$f\"");
      assertThat(other.run(bash, mode).out()).isEqualTo("nobody\n0077\n440 root\n");
    } finally {
      try (var files = Files.walk(open)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

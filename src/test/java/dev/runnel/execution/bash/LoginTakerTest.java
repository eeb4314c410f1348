package dev.runnel.execution.bash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.Homes;
import dev.runnel.execution.Sample;
import dev.runnel.execution.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which profiles can be restored, and why others cannot. */
class LoginTakerTest {
  @TempDir Path directory;
  private Path home;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    home = Files.createDirectories(directory.resolve("home"));
    stage =
        new Stage(
            directory.resolve("stage"),
            Map.of("PATH", System.getenv("PATH"), "HOME", home.toString()),
            null);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private Login take(Sample sample) throws Exception {
    return new LoginTaker(stage.workplace(new Bash(BashLogin.EXEC), sample)).take();
  }

  private Login take() throws Exception {
    return take(Sample.bash("true"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "export PATH=\"$PATH:/x\"",
        "f() { echo f; }; export -f f; alias f=g; false",
        "(exit 77)",
        "(exit 3) | (exit 0) | (exit 4)",
        "true | false; [[ x ]]",
        "exec 3>/dev/null; exec 3>&-",
        "trap 'echo' EXIT; trap - EXIT",
        "cd /; cd \"$OLDPWD\"; unset OLDPWD",
        "set -euf",
        "shopt -u sourcepath; set -o posix; set +o posix",
        "return",
        "export later; declare -i number; declare -A empty_map",
      })
  void can_be_restored(String profile) throws Exception {
    Homes.with(home, profile);
    assertThat(take()).isInstanceOf(Login.Restorable.class);
  }

  @Test
  void a_profile_with_something_of_everything_can_be_restored() throws Exception {
    Homes.heavy(home);
    assertThat(take()).isInstanceOf(Login.Restorable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "echo hi, prints",
    "echo hi >&2, prints",
    "exit 3, ends the shell",
    "exec bash --norc -c :, ends the shell",
    "exec >/dev/null, redirects",
    "exec 5</dev/null, descriptors",
    "exec 2>/dev/null, descriptors",
    "exec 2>&1, descriptors",
    "trap 'echo bye' EXIT, trap",
    "trap '' HUP, trap",
    "trap 'last=x' DEBUG, trap",
    "trap 'last=x' ERR, trap",
    "trap 'last=x' RETURN, trap",
    "cd /, changes the directory",
    "pushd / >/dev/null, changes the directory",
    "sleep 600 >/dev/null 2>&1 &, starts processes",
    "sleep 0 & disown, starts processes",
    "(sleep 600 >/dev/null 2>&1 &), starts processes that stay",
    "setsid -f sleep 600 >/dev/null 2>&1, starts processes that stay",
    "export NOW=$(date +%N), each time",
    "MY=$$, variable MY",
    "RANDOM=5, RANDOM",
    "set -- a b, arguments",
    "MINE=$1, variable MINE",
    "shift, arguments",
    "export WHO=$SCRIPT_CODE, looks at the run itself",
    "eval 'export WHO=$SCR''IPT_CODE', variable WHO",
    "TEXT=$BASH_EXECUTION_STRING, looks at the run itself",
    "where() { echo ${BASH_SOURCE[0]}; }, asks where it stands",
    "export BASH_ENV=/etc/hosts, prints",
    "export BASH_ENV=/dev/null, BASH_ENV",
    "renice -n 5 $$ >/dev/null; :, kernel priority",
    "enable -n kill, enable",
    "ulimit -Su 200, limits its processes",
    "readonly BASH_ENV, BASH_ENV",
  })
  void has_to_be_run(String profile, String reason) throws Exception {
    Homes.with(home, profile);
    assertThat(take())
        .isInstanceOfSatisfying(
            Login.Real.class, real -> assertThat(real.reason()).contains(reason));
  }
}

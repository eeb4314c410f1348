package dev.runnel.execution.bash;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.Interpreter;
import dev.runnel.run.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bash -lc TEXT}; a text too long for one argument runs as a file.
 *
 * <p>With {@link BashLogin#SNAPSHOT} the shell skips the profile files and reads a file that
 * restores what they leave behind, wherever that has been shown to make no difference.
 */
public final class Bash implements Interpreter {
  /** Linux takes at most 128 KiB in one argument. */
  static final int LONGEST_ARGUMENT = 100 * 1024;

  private final BashLogin login;
  private final LoginShells shells = new LoginShells();

  /**
   * @param login how scripts get what the profile files set
   */
  public Bash(BashLogin login) {
    this.login = login;
  }

  @Override
  public Command command(Invocation invocation, Workplace workplace) throws IOException {
    var snapshot =
        login == BashLogin.SNAPSHOT
            ? shells.snapshot(workplace, invocation.limits())
            : Optional.<Path>empty();
    var argv = new ArrayList<>(List.of("bash"));
    snapshot.ifPresent(_ -> argv.add("--noprofile"));
    var text = invocation.text();
    if (text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ARGUMENT) {
      // The last word is $0, whatever stands in front of the command line.
      argv.addAll(List.of(login == BashLogin.OFF ? "-c" : "-lc", text, "bash"));
    } else {
      if (login != BashLogin.OFF) {
        argv.add("-l");
      }
      argv.add(workplace.scriptFile().toString());
    }
    argv.addAll(invocation.args());
    return new Command(
        argv, snapshot.map(file -> Map.of(Login.ENV, file.toString())).orElse(Map.of()));
  }

  @Override
  public List<String> library() {
    return List.of(LoginTaker.STATE, LoginTaker.FILES);
  }
}

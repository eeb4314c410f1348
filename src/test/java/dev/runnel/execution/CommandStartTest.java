package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.execution.bash.ShellCommand;
import dev.runnel.execution.python.Python;
import dev.runnel.script.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which programs commands and python scripts find in {@code EXECUTE_PATH}. */
class CommandStartTest {
  private static final String PATH = System.getenv("PATH");

  private Stage stage;
  private Path there;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    stage = new Stage(directory, Map.of("PATH", PATH, "PYTHONHOME", "/old", "HOME", "/"), null);
    there = stage.executePath();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private String printed(String command) throws Exception {
    var seen = stage.run(new ShellCommand(), Sample.of(Language.COMMAND, "", "command", command));
    assertThat(seen.err()).isEmpty();
    return seen.out();
  }

  private static void program(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void executePathIsOnThePathAndTheWorkingDirectory() throws Exception {
    program(there.resolve("tool"), "echo own tool");
    assertThat(printed("tool; ./tool; pwd; echo $PATH; echo ${VIRTUAL_ENV-none} $PYTHONHOME"))
        .isEqualTo(
            "own tool\nown tool\n%1$s\n%1$s/.venv/bin:%1$s:%2$s\nnone /old\n"
                .formatted(there, PATH));
  }

  @Test
  void aMissingExecutePathIsMade() throws Exception {
    Files.delete(there);
    assertThat(printed("pwd; mkdir -p .venv/bin; touch x")).isEqualTo(there + "\n");
    assertThat(there.resolve("x")).exists();
  }

  @Test
  void theVirtualEnvironmentComesFirst() throws Exception {
    program(there.resolve("python"), "echo wrong");
    program(there.resolve(".venv/bin/python"), "echo right");
    assertThat(printed("python; echo $VIRTUAL_ENV ${PYTHONHOME-unset}"))
        .isEqualTo("right\n" + there + "/.venv unset\n");
  }

  @Test
  void aScriptIsGivenToThePythonOfTheVirtualEnvironment() throws Exception {
    program(
        there.resolve(".venv/bin/python"),
        "echo executed ${1##*/} \"${@:2}\"; echo $VIRTUAL_ENV ${PYTHONHOME-unset} ${PATH%%:*}");
    var sample = Sample.of(Language.PYTHON, "", "stub", "print(1)").with("10", "a b");
    assertThat(stage.run(new Python(), sample).out())
        .isEqualTo("executed sample.py 10 a b\n%1$s/.venv unset %1$s/.venv/bin\n".formatted(there));
  }
}

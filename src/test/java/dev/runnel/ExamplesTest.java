package dev.runnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples under {@code functions/} do what they say under their bare interpreters. */
class ExamplesTest {
  private static final Path FUNCTIONS = Path.of("functions").toAbsolutePath();

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "python3 hello.py, Hello from functions!",
    "bash hello.sh, 'Hello from bash, world!'",
    "bash hello.sh Ada, 'Hello from bash, Ada!'",
    "node hello.js, 'Hello from node, world!'",
    "node hello.js Ada, 'Hello from node, Ada!'",
    "bash ticks.sh 2, 'tick 1\ntick 2'",
    "./hello.sh, 'Hello from bash, world!'",
    "./ticks.sh 1, tick 1",
  })
  void printsWhatItSays(String command, String expected) throws Exception {
    assertThat(output(command.split(" "))).isEqualTo(expected + "\n");
  }

  /** Without a guard, as Runnel's call mode wants it: running the file alone prints nothing. */
  @Test
  void addReturnsTheSumOfItsArgumentsAndPrintsNothing() throws Exception {
    assertThat(output("python3", "add.py", "2", "3")).isEmpty();
    assertThat(python("import add; print(repr(add.main('2', '3')), add.main('0.5', '1'))"))
        .isEqualTo("5 1.5\n");
  }

  @Test
  void theToolCalculatesAndRefusesWhatItDoesNotKnow() throws Exception {
    assertThat(
            python(
                """
                from tools.math_utils import calculate
                print(calculate(10, 20), *(calculate(6, 3, of) for of in ("subtract", "multiply", "divide")))
                try:
                    calculate(1, 2, "guess")
                except ValueError as refused:
                    print(refused)
                print(calculate.__doc__.splitlines()[0])
                """))
        .isEqualTo(
            """
            30 3 18 2.0
            operation must be one of add, subtract, multiply, divide, not 'guess'
            Applies an operation to two numbers.
            """);
  }

  @Test
  void theModuleExportsFibAsItsTextSays() throws Exception {
    assertThat(Files.readString(FUNCTIONS.resolve("fibonacci.wat")))
        .contains("fib(0) = 0, fib(1) = 1, fib(10) = 55");
    assertThat(
            output(
                "node",
                "-e",
                """
                const bytes = require('fs').readFileSync('fibonacci.wasm')
                WebAssembly.instantiate(bytes).then(({ module, instance }) => console.log(
                  WebAssembly.Module.exports(module).map(({ name, kind }) => `${kind} ${name}`).join(),
                  ...[0, 1, 2, 10, 25].map(instance.exports.fib)))
                """))
        .isEqualTo("function fib 0 1 1 55 75025\n");
  }

  @Test
  void theProjectFileNeedsNothing() throws Exception {
    assertThat(
            python(
                """
                import tomllib
                project = tomllib.load(open("pyproject.toml", "rb"))["project"]
                print(project["name"], project["dependencies"])
                """))
        .isEqualTo("functions []\n");
  }

  private static String python(String code) throws Exception {
    return output("python3", "-c", code);
  }

  /** Standard output of a command that ends well, in the functions folder; errors go with it. */
  private static String output(String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(FUNCTIONS.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, SECONDS)).as("ended: %s", output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}

package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's lines work as printed. */
@ExtendWith(SharedService.class)
class ReadmeTest {
  private static final Pattern TESTED =
      Pattern.compile("<!-- tested -->\n```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final List<String> LANGUAGES = List.of("sh", "sh", "js", "python");

  /** A block of the README that says that it is tested. */
  private record Block(String language, String text) {}

  @Test
  void everyTestedBlockIsOneOfThese() throws IOException {
    assertThat(blocks()).extracting(Block::language).isEqualTo(LANGUAGES);
  }

  @Test
  void theCurlLinesCreateRunStreamAndList(ServiceProcess service, @TempDir Path directory)
      throws IOException, InterruptedException {
    assertThat(shell(0, service, directory))
        .contains("\"codeIdentifier\":\"count\"")
        .contains("event: done")
        .contains("\"line\":\"3\\n\"")
        .contains("\"outputTail\":\"1\\n2\\n3\\n\"")
        .contains("\"output\":\"42\"");
  }

  @TestFactory
  Stream<DynamicTest> theLinesOfTheBosbaseDoorWork(
      ServiceProcess service, @TempDir Path directory) {
    return Stream.of(
        dynamicTest(
            "curl",
            () ->
                assertThat(shell(1, service, directory))
                    .contains("\"version\":2")
                    .contains("\"output\":\"Hello you\\n\"")
                    .contains("\"output\":\"Hello later\\n\"")
                    .contains("\"output\":\"Hello guest\\n\"")
                    .contains("\"output\":\"Hello stream\\n\"")
                    .contains("/functions\\n42\\n\"")
                    .contains("\"output\":\"uploaded fibonacci.wasm to ")
                    .contains("\"output\":\"55\\n\"")),
        dynamicTest(
            "JavaScript",
            () ->
                assertThat(client(ClientPackages.NPM, 2, service, "readme.mjs"))
                    .contains("Hello JavaScript\n")
                    .contains("Hello WebSocket\n")),
        dynamicTest(
            "Python",
            () ->
                assertThat(client(ClientPackages.PYPI, 3, service, "readme.py"))
                    .contains("Hello Python\n")
                    .contains("fibonacci.wasm\n")));
  }

  private static List<Block> blocks() throws IOException {
    return TESTED
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .map(found -> new Block(found.group(1), found.group(2)))
        .toList();
  }

  private static String shell(int block, ServiceProcess service, Path directory)
      throws IOException, InterruptedException {
    var script = Files.writeString(directory.resolve("readme.sh"), blocks().get(block).text());
    var builder =
        new ProcessBuilder("bash", "-euo", "pipefail", script.toString()).redirectErrorStream(true);
    builder.environment().put("RUNNEL", service.url());
    builder.environment().put("LOGIN", ServiceProcess.EMAIL + ":" + ServiceProcess.PASSWORD);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static String client(
      ClientPackages packages, int block, ServiceProcess service, String name) throws IOException {
    assumeTrue(packages.missing().isEmpty(), () -> packages.missing().orElseThrow());
    var file = Files.writeString(ClientProgram.resource(name), blocks().get(block).text());
    var ended = new ClientProgram(packages, file).run(ClientProgram.environment(service));
    assertThat(ended.code()).as(ended.output()).isZero();
    return ended.output();
  }
}

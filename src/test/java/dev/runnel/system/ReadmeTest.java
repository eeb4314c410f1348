package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's lines work as printed. */
@ExtendWith(SharedService.class)
class ReadmeTest {
  private static final Pattern TESTED =
      Pattern.compile("<!-- tested -->\n```sh\n(.*?)```", Pattern.DOTALL);

  @Test
  void theCurlLinesCreateRunStreamAndList(ServiceProcess service, @TempDir Path directory)
      throws IOException, InterruptedException {
    var readme = TESTED.matcher(Files.readString(Path.of("README.md")));
    assertThat(readme.find()).isTrue();
    var script = Files.writeString(directory.resolve("readme.sh"), readme.group(1));
    var builder =
        new ProcessBuilder("bash", "-euo", "pipefail", script.toString()).redirectErrorStream(true);
    builder.environment().put("RUNNEL", service.url());
    builder.environment().put("LOGIN", ServiceProcess.EMAIL + ":" + ServiceProcess.PASSWORD);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("\"codeIdentifier\":\"count\"")
        .contains("event: done")
        .contains("\"line\":\"3\\n\"")
        .contains("\"outputTail\":\"1\\n2\\n3\\n\"")
        .contains("\"output\":\"42\"");
  }
}

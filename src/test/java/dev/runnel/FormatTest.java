package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java file reads as google-java-format writes it; {@link #main} rewrites those that do not.
 */
class FormatTest {
  private static final ToolProvider FORMAT =
      ToolProvider.findFirst("google-java-format").orElseThrow();

  @Test
  void everySourceIsFormatted() throws IOException {
    var sources = sources();
    var misfits = new StringWriter();
    var errors = new StringWriter();

    FORMAT.run(
        new PrintWriter(misfits, true), new PrintWriter(errors, true), with("--dry-run", sources));

    assertThat(sources).contains("src/test/java/dev/runnel/FormatTest.java");
    assertThat(errors.toString()).isEmpty();
    assertThat(misfits.toString().lines())
        .as("files to be formatted with: mvn -q test-compile exec:exec@format")
        .isEmpty();
  }

  /** Formats every source in place. */
  public static void main(String[] args) throws IOException {
    System.exit(FORMAT.run(System.out, System.err, with("--replace", sources())));
  }

  private static List<String> sources() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      return files.map(Path::toString).filter(name -> name.endsWith(".java")).sorted().toList();
    }
  }

  private static String[] with(String option, List<String> files) {
    return Stream.concat(Stream.of(option), files.stream()).toArray(String[]::new);
  }
}

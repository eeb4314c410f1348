package dev.runnel.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths an upload may have. */
class UploadPathTest {

  @ParameterizedTest
  @CsvSource({
    "x.sh, x.sh",
    "sub/x.sh, sub/x.sh",
    "./a//b/./c/, a/b/c",
    "a/../b, b",
    "a/b/../../c, c",
    "...., ....",
    "..x/y.., ..x/y..",
    ".venv/bin/python, .venv/bin/python",
    "a b, a b",
    "-c, -c",
    "C:\\x, C:\\x",
    "é/ü, é/ü"
  })
  void goodOnesAreCleaned(String given, String cleaned) {
    assertThat(UploadPath.of(" " + given + "\n")).hasToString(cleaned);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "./",
        "a/..",
        "..",
        "../x",
        "a/../../x",
        "a/../..",
        "/",
        "/x",
        "//x",
        "a\0b",
        "a/\n/b",
        "a\tb",
        "a\u007fb",
        "a\u0085b",
        "a\uFFFDb",
        "\0"
      })
  void badOnesAreRefused(String given) {
    assertThatThrownBy(() -> UploadPath.of(given))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessage("Invalid path.");
  }

  @Test
  void lengthsAreThoseOfFileSystems() {
    assertThat(UploadPath.of("x".repeat(255)).names()).hasSize(1);
    for (var tooLong :
        new String[] {
          "x".repeat(256),
          "x".repeat(300),
          "é".repeat(128),
          "x".repeat(300) + "/y",
          "x".repeat(300) + "/../y",
          "a/".repeat(64) + "b",
          ("x".repeat(200) + "/").repeat(16) + "y"
        }) {
      assertThatThrownBy(() -> UploadPath.of(tooLong)).isInstanceOf(Problem.Invalid.class);
    }
  }

  @Test
  void aBaseNameIsWhatStandsBehindTheLastSlash() {
    assertThat(UploadPath.baseName("sub/x.sh ")).isEqualTo("x.sh");
    assertThat(UploadPath.baseName("../..")).isEqualTo("..");
    assertThat(UploadPath.baseName("x/")).isEmpty();
  }
}

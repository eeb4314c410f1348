package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code -Dupdate.docs=true} it writes what it otherwise compares. */
class OptionDocsTest {
  private static final String COMMAND = "mvn test -Dtest=OptionDocsTest -Dupdate.docs=true";

  private static void upToDate(Path file, String expected) throws Exception {
    if (Boolean.getBoolean("update.docs")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, expected);
    }
    assertThat(file)
        .as("%s is stale, rewrite it with: %s", file, COMMAND)
        .exists()
        .content()
        .isEqualTo(expected);
  }

  @Test
  void theExampleFileShowsEveryOptionOfToday() throws Exception {
    upToDate(Path.of("conf/runnel.yaml"), OptionDocs.yaml());
  }

  @Test
  void theReadmeShowsEveryOptionOfToday() throws Exception {
    var readme = Path.of("README.md");
    upToDate(readme, OptionDocs.readme(Files.readString(readme)));
  }

  @Test
  void onlyTheTableOfTheReadmeIsGenerated() {
    var readme = "before\n" + OptionDocs.BEGIN + "\nstale row\n" + OptionDocs.END + "\nafter\n";
    assertThat(OptionDocs.readme(readme))
        .startsWith("before\n" + OptionDocs.BEGIN + "\n\n")
        .contains("| `RUNNEL_HTTP_PORT`<br>`http.port` | `8090` | 0 to 65535 |")
        .doesNotContain("stale row")
        .endsWith("|\n\n" + OptionDocs.END + "\nafter\n");
    assertThatThrownBy(() -> OptionDocs.readme("no table")).hasMessageContaining(OptionDocs.BEGIN);
  }

  @Test
  void theExampleFileSetsNothingAsItIs(@TempDir Path dir) throws Exception {
    assertThat(loaded(dir, OptionDocs.yaml()).shown()).isEqualTo(defaults(dir).shown());
  }

  @Test
  void everyLineOfTheExampleFileIsTheDefault(@TempDir Path dir) throws Exception {
    var taken = OptionDocs.yaml().replaceAll("(?m)^  #(?=\\S)", "  ");
    assertThat(taken).contains("\n  port: 8090\n");
    assertThat(loaded(dir, taken).shown()).isEqualTo(defaults(dir).shown());
    assertThat(loaded(dir, taken.replace("port: 8090", "port: 1")).http().port()).isEqualTo(1);
  }

  private static Options loaded(Path dir, String yaml) throws Exception {
    var file = Files.writeString(dir.resolve("taken.yaml"), yaml);
    return Options.load(dir, file, Map.of(), Map.of());
  }

  private static Options defaults(Path dir) {
    return Options.load(dir, null, Map.of(), Map.of());
  }
}

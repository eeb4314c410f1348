package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runnel.config.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the container files set is what the service reads. */
class DeployFilesTest {
  private static final Pattern OURS =
      Pattern.compile("RUNNEL_\\w+|EXECUTE_PATH|ADMIN_\\w+|SCRIPTS?_\\w+");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Za-z_]\\w*)=(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\S*)");

  @Test
  void theDockerfileSetsOnlyVariablesThatTheServiceReads() throws Exception {
    var set = dockerfile(Files.readString(Path.of("Dockerfile")));
    assertThat(set).containsKey("EXECUTE_PATH");
    assertThat(Options.variables()).containsAll(ours(set.keySet()));
  }

  @Test
  void theServiceStartsWithWhatTheDockerfileSets(@TempDir Path dir) throws Exception {
    var set = dockerfile(Files.readString(Path.of("Dockerfile")));
    var options = Options.load(dir, null, set, Map.of());
    assertThat(options.http().host()).isEqualTo("0.0.0.0");
    assertThat(options.execution().path()).isEqualTo(Path.of("/pb/functions"));
  }

  @Test
  void mavenStartsTheServiceWithWhatTheLauncherTellsTheJvm() throws Exception {
    var options = Pattern.compile("-XX:\\+Use\\w+GC|-Xmn\\w+");
    var launcher = options.matcher(Files.readString(Path.of("src/main/launcher/runnel"))).results();
    var pom = options.matcher(Files.readString(Path.of("pom.xml"))).results();
    assertThat(pom.map(MatchResult::group).toList())
        .isNotEmpty()
        .isEqualTo(launcher.map(MatchResult::group).toList());
  }

  @Test
  void composeSetsOnlyVariablesThatTheServiceReads() throws Exception {
    var set = compose(Files.readString(Path.of("compose.yaml")));
    assertThat(set)
        .contains(
            "EXECUTE_PATH",
            "RUNNEL_DATABASE_URL",
            "RUNNEL_SUPERUSER_EMAIL",
            "RUNNEL_SUPERUSER_PASSWORD");
    assertThat(Options.variables()).containsAll(ours(set));
  }

  @Test
  void everyFormOfEnvIsRead() {
    assertThat(
            dockerfile(
                """
                FROM debian AS build
                ENV A=1 \\
                    # why
                    B="two words" C='three'
                env D four words
                # ENV NOT=this
                RUN ENV=no true
                """))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("A", "1", "B", "two words", "C", "three", "D", "four words"));
  }

  @Test
  void bothFormsOfAnEnvironmentAreRead() throws Exception {
    assertThat(
            compose(
                """
                services:
                  map: {environment: {RUNNEL_A: 1, RUNNEL_B: "${B:-2}"}}
                  list:
                    environment: ["RUNNEL_C=3", RUNNEL_D]
                  none: {image: postgres}
                """))
        .containsExactlyInAnyOrder("RUNNEL_A", "RUNNEL_B", "RUNNEL_C", "RUNNEL_D");
  }

  @Test
  void aVariableThatNobodyReadsIsNoticed() {
    assertThat(ours(List.of("RUNNEL_HTTP_PROT", "SCRIPT_X", "ADMIN_X", "POSTGRES_DB", "PATH")))
        .containsExactly("RUNNEL_HTTP_PROT", "SCRIPT_X", "ADMIN_X");
  }

  private static List<String> ours(Iterable<String> names) {
    var ours = new ArrayList<String>();
    names.forEach(name -> {
      if (OURS.matcher(name).matches()) {
        ours.add(name);
      }
    });
    return ours;
  }

  private static Map<String, String> dockerfile(String text) {
    var set = new LinkedHashMap<String, String>();
    var joined = text.replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("\\\\[ \t]*\\R", " ");
    joined
        .lines()
        .map(String::strip)
        .filter(line -> line.regionMatches(true, 0, "ENV ", 0, 4))
        .map(line -> line.substring(4).strip())
        .forEach(line -> {
          var old = line.split("\\s+", 2);
          if (old[0].indexOf('=') < 0) {
            set.put(old[0], old[1]);
            return;
          }
          var assignment = ASSIGNMENT.matcher(line);
          while (assignment.find()) {
            set.put(assignment.group(1), assignment.group(2).replaceAll("^([\"'])(.*)\\1$", "$2"));
          }
        });
    return set;
  }

  private static List<String> compose(String text) throws Exception {
    var names = new ArrayList<String>();
    for (JsonNode service : new YAMLMapper().readTree(text).path("services")) {
      var environment = service.path("environment");
      if (environment.isArray()) {
        environment.forEach(line -> names.add(line.asText().split("=", 2)[0]));
      } else {
        // An alias reads as a text, and would hide what it stands for.
        assertThat(environment.isObject() || environment.isMissingNode()).isTrue();
        assertThat(environment.has("<<")).isFalse();
        environment.fieldNames().forEachRemaining(names::add);
      }
    }
    return names;
  }
}

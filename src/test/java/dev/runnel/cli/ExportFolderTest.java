package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportFolderTest {
  @TempDir Path dir;

  private Path place() {
    return dir.resolve("export");
  }

  private List<Path> beside() throws Exception {
    try (var files = Files.list(dir)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "add.py, add.py",
    "Add-2_b.sh, Add-2_b.sh",
    "a:b, a%3Ab",
    ".hidden, %2Ehidden",
    ".., %2E.",
    "grüße.js, gr%C3%BC%C3%9Fe.js"
  })
  void aNameIsAFolderEverywhere(String name, String folder) {
    assertThat(ExportFolder.folderName(name)).isEqualTo(folder);
  }

  @Test
  void longNamesStayApartAndFit() {
    var one = ExportFolder.folderName("ü".repeat(64));
    var other = ExportFolder.folderName("ü".repeat(63) + "ö");
    assertThat(one).hasSizeLessThanOrEqualTo(200).isNotEqualTo(other);
    assertThat(other).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void itIsThereWholeOrNotAtAll() throws Exception {
    try (var folder = ExportFolder.begin(place(), false)) {
      folder.add(Samples.script("one.py", "1"), Samples.versions("1"));
      assertThat(place()).doesNotExist();
    }
    assertThat(beside()).isEmpty();
    try (var folder = ExportFolder.begin(place(), false)) {
      folder.add(Samples.script("one.py", "2"), Samples.versions("1", "2"));
      folder.finish();
    }
    assertThat(beside()).containsExactly(place());
    assertThat(place().resolve("one.py/script.py")).hasContent("2");
    assertThat(place().resolve("one.py/versions/1.py")).hasContent("1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
        .isEqualTo("rwx------");
  }

  @Test
  void anOlderExportGoesOnlyWhenItMay() throws Exception {
    for (var text : List.of("1", "2")) {
      try (var folder = ExportFolder.begin(place(), true)) {
        folder.add(Samples.script("one.py", text), Samples.versions(text));
        folder.finish();
      }
    }
    assertThat(beside()).containsExactly(place());
    assertThat(place().resolve("one.py/script.py")).hasContent("2");
    assertThatThrownBy(() -> ExportFolder.begin(place(), false)).hasMessageContaining("--force");
  }

  @ParameterizedTest
  @ValueSource(strings = {".git", "notes.txt", "photos"})
  void whatIsOfNoExportIsNeverReplaced(String foreign) throws Exception {
    try (var folder = ExportFolder.begin(place(), false)) {
      folder.finish();
    }
    Files.createDirectory(place().resolve(foreign));
    assertThatThrownBy(() -> ExportFolder.begin(place(), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(foreign);
    assertThat(place().resolve(foreign)).exists();
  }

  @Test
  void anEmptyFolderIsTaken() throws Exception {
    Files.createDirectory(place());
    try (var folder = ExportFolder.begin(place(), false)) {
      folder.add(Samples.script("a:b.py", "x"), Samples.versions("x"));
      folder.finish();
    }
    var found = new ImportFolder(place(), InstantSource.system()).read();
    assertThat(found).singleElement().satisfies(one -> assertThat(one.name()).isEqualTo("a:b.py"));
    assertThat(found.getFirst().env()).containsExactly("TOKEN");
    assertThat(Files.readString(place().resolve("a%3Ab.py/script.json"))).doesNotContain("canary");
  }
}

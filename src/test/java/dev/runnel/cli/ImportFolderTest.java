package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.script.ScriptVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An export whose files somebody has changed. */
class ImportFolderTest {
  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  @TempDir Path dir;

  private Path export;
  private Path one;

  @BeforeEach
  void export() throws Exception {
    export = dir.resolve("export");
    one = export.resolve("one.py");
    try (var folder = ExportFolder.begin(export, false)) {
      folder.add(Samples.script("one.py", "2"), Samples.versions("1", "2"));
      folder.finish();
    }
  }

  private List<ImportFolder.Found> read() throws Exception {
    return new ImportFolder(export, () -> NOW).read();
  }

  private void refused(String... said) {
    assertThatThrownBy(this::read)
        .isInstanceOf(ImportFolder.Faulty.class)
        .hasMessageContainingAll(said);
  }

  private void replace(String old, String text) throws Exception {
    var file = one.resolve("script.json");
    var json = Files.readString(file);
    assertThat(json).contains(old);
    Files.writeString(file, json.replace(old, text));
  }

  @Test
  void whatWasExportedIsRead() throws Exception {
    var history = read().getFirst().history();
    assertThat(history.versions()).isEqualTo(Samples.versions("1", "2"));
    assertThat(history.newest().text()).isEqualTo("2");
    assertThat(history.newest().env()).isEmpty();
    assertThat(history.revision()).isEqualTo(3);
  }

  @Test
  void aTextEditedInTheFolderIsTheNextVersion() throws Exception {
    Files.writeString(one.resolve("script.py"), "3");
    assertThat(read().getFirst().history().versions())
        .extracting(ScriptVersion::version, ScriptVersion::text, ScriptVersion::created)
        .endsWith(org.assertj.core.groups.Tuple.tuple(3L, "3", NOW))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "name" : "one.py"          | "name" : "../../etc/x"     | Script name may hold
          "name" : "one.py"          | "name" : ".."              | Script name may hold
          "name" : "one.py"          | "name" : " one.py"         | should be "one.py"
          "name" : "one.py",         |                            | name is missing
          "codeIdentifier" : "code"  | "codeIdentifier" : "A b"   | should be "a-b"
          "language" : "python",     | "language" : "perl",       | is none of
          "runner" : "host",         | "runner" : "vm2",          | cannot run python
          "format" : 1               | "format" : 2               | reads 1
          "enabled" : true           | "enabled" : null           | enabled cannot be there
          "concurrency" : "parallel" | "concurrency" : "any"      | is none of
          "limits" : { }             | "limits" : {"processes":0} | greater than 0
          "limits" : { },            | "timeoutMs" : 5,"limits":{}, | timeoutMs must be from
          "env" : [ "TOKEN" ]        | "env" : [ "TOKEN=x" ]      | values do not belong here
          "env" : [ "TOKEN" ]        | "env" : [ null ]           | env is missing
          "revision" : 3             | "revision" : 0             | revision
          "version" : 1              | "version" : 3              | numbered upwards
          "version" : 1              | "version" : "../../x"      | script.json, line
          "revision" : 3             | "revision" : 3, "x" : 1    | x cannot be there
          "revision" : 3             | "revision" : 3, "revision" : 4 | script.json, line
          """)
  void aWrongDefinitionIsRefused(String old, String changed, String said) throws Exception {
    replace(old, changed == null ? "" : changed);
    refused("one.py: ", said);
  }

  @Test
  void aPastThatWasChangedIsRefused() throws Exception {
    Files.writeString(one.resolve("versions/1.py"), "other");
    refused("versions/1 has another sha256");
  }

  @Test
  void aVersionTooManyOrTooFewIsRefused() throws Exception {
    Files.writeString(one.resolve("versions/3.py"), "x");
    refused("versions/3.py is not in script.json");
    Files.delete(one.resolve("versions/3.py"));
    Files.delete(one.resolve("versions/2.py"));
    refused("2.py is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"script.py", "script.json", "versions/1.py"})
  void noLinkLeadsOutOfTheFolder(String file) throws Exception {
    var secret = Files.writeString(dir.resolve("secret"), "secret");
    Files.delete(one.resolve(file));
    Files.createSymbolicLink(one.resolve(file), secret);
    refused("no plain file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one.py", "one.py/versions"})
  void noFolderIsALink(String folder) throws Exception {
    var moved = Files.move(export.resolve(folder), dir.resolve("moved"));
    Files.createSymbolicLink(export.resolve(folder), moved);
    refused("one.py: ");
  }

  @Test
  void whatIsNoTextOfOursIsRefused() throws Exception {
    var file = one.resolve("script.py");
    Files.write(file, new byte[] {'a', (byte) 0xff});
    refused("not UTF-8");
    Files.write(file, new byte[] {'a', 0});
    refused("NUL");
    Files.write(file, new byte[(1 << 20) + 1]);
    refused("longer than");
  }

  @Test
  void everyFaultIsSaidAtOnce() throws Exception {
    Files.createDirectory(export.resolve("empty"));
    Files.writeString(export.resolve("note.txt"), "");
    replace("\"revision\" : 3", "\"revision\" : 0");
    refused("empty: script.json is missing", "note.txt: ", "one.py: revision");
  }

  @Test
  void theSameScriptTwiceIsRefused() throws Exception {
    try (var folder = ExportFolder.begin(dir.resolve("other"), false)) {
      folder.add(Samples.script("one.py", "1"), Samples.versions("1"));
      folder.finish();
    }
    Files.move(dir.resolve("other/one.py"), export.resolve("two.py"));
    refused("one.py is there twice", "codeIdentifier of another script");
  }

  @Test
  void aFolderThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> new ImportFolder(dir.resolve("no"), () -> NOW).read())
        .hasMessageContaining("is not a folder");
  }
}

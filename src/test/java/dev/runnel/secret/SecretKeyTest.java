package dev.runnel.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.DataOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretKeyTest {
  private static final String GIVEN = Base64.getEncoder().encodeToString(new byte[32]);

  @TempDir Path dir;

  private SecretKey key() {
    return SecretKey.of(new DataOptions(dir.resolve("data"), null));
  }

  private Path file() {
    return dir.resolve("data/secret.key");
  }

  private void write(String text) throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
  }

  @Test
  void theFirstStartMakesAPrivateFileAndLaterOnesReadIt() throws Exception {
    var first = key();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(key().checkValue()).isEqualTo(first.checkValue());
    try (var files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void theFileHoldsWhatAnotherNodeCanBeGiven() throws Exception {
    var made = key();
    var copied = SecretKey.of(new DataOptions(dir, Files.readString(file())));
    assertThat(copied.checkValue()).isEqualTo(made.checkValue());
  }

  @Test
  void everyNewDataDirGetsAnotherKey() {
    var here = key();
    var there = SecretKey.of(new DataOptions(dir.resolve("other"), null));
    assertThat(here.checkValue()).isNotEqualTo(there.checkValue());
  }

  @Test
  void theOptionWinsAndTouchesNoFile() {
    SecretKey.of(new DataOptions(dir.resolve("data"), GIVEN));
    assertThat(file()).doesNotExist();
  }

  @Test
  void ofManyThatStartAtOnceAllGetTheSameKey() throws Exception {
    var seen = new HashSet<String>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<String> start = () -> key().checkValue();
      for (var value : threads.invokeAll(Stream.generate(() -> start).limit(32).toList())) {
        seen.add(value.get());
      }
    }
    assertThat(seen).hasSize(1);
  }

  @Test
  void permissionsThatLetOthersReadAreTakenBack() throws Exception {
    write(GIVEN + "\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    key();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void anOwnersReadOnlyFileStaysAsItIs() throws Exception {
    write(GIVEN);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));
    key();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("r--------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "AAAA", "not base64 at all!", "hidden+hidden+hidden+hidden+hidden+hi"})
  void aFileWithoutAKeyIsRefusedAndNeverReplaced(String text) throws Exception {
    write(text);
    assertThatThrownBy(this::key)
        .isInstanceOf(UnusableKey.class)
        .hasMessageContaining("secret.key")
        .message()
        .doesNotContain("hidden");
    assertThat(file()).hasContent(text);
  }

  @Test
  void aWrongOptionIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> SecretKey.of(new DataOptions(dir, "hidden!")))
        .isInstanceOf(UnusableKey.class)
        .hasMessage("RUNNEL_SECRET_KEY is not base64")
        .hasNoCause();
  }

  @Test
  void aDataDirThatCannotBeMadeIsSaid() throws Exception {
    Files.createFile(dir.resolve("data"));
    assertThatThrownBy(this::key)
        .isInstanceOf(UnusableKey.class)
        .hasMessageContaining("cannot be read or made");
  }

  @Test
  void purposesGiveKeysThatHaveNothingInCommon() {
    var key = new SecretKey(new byte[32]);
    assertThat(key.derived("tokens")).hasSize(32).isEqualTo(key.derived("tokens"));
    assertThat(key.derived("tokens")).isNotEqualTo(key.derived("token"));
    // HMAC-SHA256 computed apart from the JDK's KDF; stored values depend on it for ever.
    assertThat(HexFormat.of().formatHex(key.derived("tokens")))
        .isEqualTo("b305ce7710e9a32287bc8e63db79618bc1fb699bcd86c35793579bdbef0bdaa1");
  }

  @Test
  void nothingShowsTheKey() {
    assertThat(SecretKey.of(new DataOptions(dir, GIVEN))).hasToString("SecretKey");
    assertThat(new SecretKey(new byte[32]).checkValue()).hasSize(43).doesNotContain("AAAA");
  }
}

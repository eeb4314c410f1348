package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionFileTest {
  @TempDir Path dir;

  private Options load(String yaml) throws Exception {
    Files.writeString(dir.resolve("my.yaml"), yaml);
    return Options.load(dir, Path.of("my.yaml"), Map.of(), Map.of());
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String yaml) {
    return assertThatThrownBy(() -> load(yaml)).isInstanceOf(BadOption.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:\n  port: 7\n",
        "http: {port: 7}",
        "{\"http\": {\"port\": \"7\"}}",
        "http.port: 7",
        "\uFEFF# with a mark\n---\nhttp:\n  port: 7 # seven\n...\n",
        "http:\n  port: &seven 7\ndatabase:\nlog:\n  cap:\n"
      })
  void readsAnyShapeOfTheSameTree(String yaml) throws Exception {
    assertThat(load(yaml).http().port()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "http:\n", "~"})
  void aFileMayHoldNothing(String yaml) throws Exception {
    assertThat(load(yaml).http().port()).isEqualTo(8090);
  }

  @Test
  void textsAreTakenAsTheyAreWritten() throws Exception {
    var account = load("account:\n  adminUsername: 0123\n  adminPassword: 1e10\n").account();
    assertThat(account.adminUsername()).isEqualTo("0123");
    assertThat(account.adminPassword()).isEqualTo("1e10");
  }

  @Test
  void aWrongValueIsFoundByItsLine() {
    refused("http:\n\n  port: 65536\n")
        .hasMessage(
            "http.port (RUNNEL_HTTP_PORT): \"65536\" from my.yaml line 3 is not allowed;"
                + " allowed: 0 to 65535");
  }

  @Test
  void unknownKeysAreRefusedWithWhatThereIs() {
    refused("http:\n  prot: 1\nhtpp:\n  port: 1\n  more: {a: [1, {b: 2}]}\nlog:\n  cup: 1\n")
        .hasMessageContaining("my.yaml line 2: \"http.prot\" is not an option; http has host, port")
        .hasMessageContaining("my.yaml line 3: \"htpp\" is not an option; the groups are http")
        .hasMessageContaining("my.yaml line 7: \"log.cup\" is not an option; log has cap, ring")
        .message()
        .hasLineCount(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:\n  port: 1\n  port: 1\n",
        "http:\n  port: 1\nhttp:\n  host: a\n",
        "http.port: 1\nhttp:\n  port: 1\n"
      })
  void aKeyStandsOnlyOnce(String yaml) {
    refused(yaml).hasMessageMatching("my.yaml line 3: \"http(.port)?\" stands here a second time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http: 7",
        "http: [7]",
        "http:\n  port: [7]",
        "http:\n  port: {a: 7}",
        "http:\n  port: !!binary aGlkZGVu",
        "[http]",
        "hidden",
        "http:\n  port: 7\n---\nhttp:\n  port: 8\n"
      })
  void aWrongShapeIsRefused(String yaml) {
    refused(yaml).message().startsWith("my.yaml").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http: &h {port: 7}\nlog: *h",
        "account:\n  adminUsername: &hidden a\n  adminPassword: *hidden",
        "http:\n  <<: *hidden"
      })
  void aliasesAreRefused(String yaml) {
    refused(yaml).message().doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "account:\n  adminPassword: \"hidden\\q\"\n",
        "account:\n  adminPassword: @hidden\n",
        "account:\n\tadminPassword: hidden\n",
        "account: {adminPassword: hidden",
        "account:\n  adminPassword: hidden\u0007\n",
        "%YAML 9.9\n---\nhidden: 1",
        "? [hidden]\n: 1"
      })
  void whatIsNoYamlIsRefusedWithoutShowingIt(String yaml) {
    refused(yaml).hasMessageContaining("my.yaml").message().doesNotContain("hidden");
  }

  @Test
  void theNamedFileMustBeReadableText() throws Exception {
    assertThatThrownBy(() -> Options.load(dir, Path.of("none.yaml"), Map.of(), Map.of()))
        .isInstanceOf(BadOption.class)
        .hasMessage("none.yaml does not exist");
    assertThatThrownBy(() -> Options.load(dir, dir, Map.of(), Map.of()))
        .isInstanceOf(BadOption.class)
        .hasMessageContaining("cannot be read");
    Files.write(dir.resolve("latin.yaml"), new byte[] {'#', (byte) 0xE4, '\n'});
    assertThatThrownBy(() -> Options.load(dir, Path.of("latin.yaml"), Map.of(), Map.of()))
        .hasMessage("latin.yaml is not UTF-8");
  }

  @Test
  void theUsualFileMayBeMissingButNotUnreadable() throws Exception {
    assertThat(Options.load(dir, null, Map.of(), Map.of())).isNotNull();
    Files.createDirectories(dir.resolve("conf/runnel.yaml"));
    assertThatThrownBy(() -> Options.load(dir, null, Map.of(), Map.of()))
        .isInstanceOf(BadOption.class)
        .hasMessageContaining("conf/runnel.yaml cannot be read");
  }

  @Test
  void aHugeFileIsNotRead() {
    assertThatThrownBy(() -> Options.load(dir, Path.of("/dev/zero"), Map.of(), Map.of()))
        .isInstanceOf(BadOption.class)
        .hasMessage("/dev/zero is larger than 256 KiB");
  }

  /** Each would take minutes, gigabytes or the whole stack in a reader that builds a tree. */
  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "&a [", "!!set {", "\"", "a: \n "})
  void noFileBlowsUp(String piece) {
    var bombs = new AtomicReference<>(piece.repeat(250_000 / piece.length()));
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> refused(bombs.get()));
  }

  @Test
  void aliasesAreNotExpanded() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 30; level++) {
      var below = "*a" + (level - 1);
      bomb.append(
          "a%d: &a%d [%s]%n"
              .formatted(
                  level, level, String.join(", ", java.util.Collections.nCopies(10, below))));
    }
    refused(bomb.toString()).message().hasLineCount(30);
  }
}

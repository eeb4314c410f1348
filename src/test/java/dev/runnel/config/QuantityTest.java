package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "250, 250",
    "250 ms, 250",
    "5s, 5000",
    "' 30 min ', 1800000",
    "24 h, 86400000",
    "7 d, 604800000"
  })
  void readsTimes(String text, long milliseconds) {
    assertThat(Quantity.milliseconds(text)).hasValue(milliseconds);
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "7 B, 7", "64 KiB, 65536", "10MiB, 10485760", "4 GiB, 4294967296"})
  void readsSizes(String text, long bytes) {
    assertThat(Quantity.bytes(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "-1 s",
        "+1 s",
        "1.5 s",
        "1  s",
        "1 sec",
        "1 S",
        "1 KB",
        "010",
        "0x10",
        "1_000",
        "1e3",
        "١",
        "9223372036854775807 d",
        "9223372036854775807 GiB",
        "99999999999999999999"
      })
  void nothingElseIsAnAmount(String text) {
    assertThat(Quantity.milliseconds(text)).isEmpty();
    assertThat(Quantity.bytes(text)).isEmpty();
    assertThat(Quantity.number(text)).isEmpty();
  }

  @Test
  void aNumberHasNoUnit() {
    assertThat(Quantity.number("12")).hasValue(12);
    assertThat(Quantity.number("12 s")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "250, 250 ms", "90000, 90 s", "300000, 5 min", "86400000, 1 d"})
  void writesTimesInTheLargestUnitThatFits(long milliseconds, String text) {
    assertThat(Quantity.text(Duration.ofMillis(milliseconds))).isEqualTo(text);
    assertThat(Quantity.milliseconds(text)).hasValue(milliseconds);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1000, 1000 B", "1536, 1536 B", "1572864, 1536 KiB", "10485760, 10 MiB"})
  void writesSizesInTheLargestUnitThatFits(long bytes, String text) {
    assertThat(Quantity.text(bytes)).isEqualTo(text);
    assertThat(Quantity.bytes(text)).hasValue(bytes);
  }
}

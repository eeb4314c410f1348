package dev.runnel.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.secret.CannotOpen.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
  private static final byte[] VALUE = "pässword".getBytes(UTF_8);

  private final Sealer sealer = sealer(1);

  private static Sealer sealer(int seed) {
    var key = new byte[32];
    key[0] = (byte) seed;
    return new SecretKey(key).sealer();
  }

  private static void refused(Sealer sealer, byte[] sealed, Reason reason) {
    assertThatThrownBy(() -> sealer.open(sealed))
        .isInstanceOfSatisfying(
            CannotOpen.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 100_000})
  void whatWasSealedOpensAgain(int length) {
    var value = new byte[length];
    Arrays.fill(value, (byte) 7);
    assertThat(sealer.open(sealer.seal(value))).isEqualTo(value);
    assertThat(sealer(1).open(sealer.seal(value))).isEqualTo(value);
  }

  @Test
  void theSameValueNeverLooksTheSameTwice() {
    assertThat(sealer.seal(VALUE)).isNotEqualTo(sealer.seal(VALUE)).hasSize(VALUE.length + 29);
  }

  @Test
  void anyChangedBitIsNoticed() {
    var sealed = sealer.seal(VALUE);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      var changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      refused(sealer, changed, bit < 8 ? Reason.OTHER_KEY : Reason.DAMAGED);
    }
  }

  @Test
  void anyCutIsNoticed() {
    var sealed = sealer.seal(VALUE);
    for (int length = 0; length < sealed.length; length++) {
      refused(sealer, Arrays.copyOf(sealed, length), Reason.DAMAGED);
    }
  }

  @Test
  void anotherKeyIsNamedAsTheReason() {
    refused(sealer(2), sealer.seal(VALUE), Reason.OTHER_KEY);
  }

  /** One key in 256 shares the first byte; the tag still tells them apart. */
  @Test
  void aKeyWithTheSameIdOpensNothing() {
    var sealed = sealer.seal(VALUE);
    var sameId =
        java.util.stream.IntStream.range(2, 200_000)
            .mapToObj(SealerTest::wide)
            .filter(other -> other.seal(VALUE)[0] == sealed[0])
            .findFirst()
            .orElseThrow();
    refused(sameId, sealed, Reason.DAMAGED);
  }

  private static Sealer wide(int seed) {
    var key = new byte[32];
    key[1] = (byte) seed;
    key[2] = (byte) (seed >> 8);
    return new SecretKey(key).sealer();
  }
}

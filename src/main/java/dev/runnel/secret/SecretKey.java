package dev.runnel.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runnel.config.DataOptions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The service's one secret: 32 bytes that no key on any wire or disk is, but every one is derived
 * from. It is never shown, neither by {@code toString} nor in an error.
 */
public final class SecretKey {
  /** How long the key is, in bytes. */
  public static final int BYTES = 32;

  private final byte[] key;

  SecretKey(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("A secret key has " + BYTES + " bytes");
    }
    this.key = key.clone();
  }

  /**
   * The key of the option, else the one of {@code secret.key} in the data dir, which is made on the
   * first start together with the directory. Blocks on the disk.
   *
   * @throws UnusableKey when the option or the file holds no key, or the file cannot be read or
   *     made
   */
  public static SecretKey of(DataOptions options) {
    return new KeyPlace(options).load();
  }

  /** A new one. */
  public static SecretKey random() {
    var key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return new SecretKey(key);
  }

  /**
   * The key of base64 text.
   *
   * @param origin where the text comes from, for the error
   * @throws UnusableKey when it holds no key; the message never shows the text
   */
  public static SecretKey of(String base64, String origin) {
    return new SecretKey(decoded(base64, origin));
  }

  /** The key itself as {@link #of(String, String)} reads it: for its file and its owner only. */
  public String base64() {
    return Base64.getEncoder().encodeToString(key);
  }

  /**
   * 32 bytes for this purpose alone: who has them knows nothing about the key or other purposes.
   */
  public byte[] derived(String purpose) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(key)
                  .thenExpand(("runnel " + purpose).getBytes(UTF_8), BYTES));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HKDF does not work in this JDK", missing);
    }
  }

  /** Seals and opens stored values with a key derived from this one. */
  public Sealer sealer() {
    return new Sealer(derived("sealed values"), id());
  }

  /** The first byte of everything that this key has sealed; another key may have the same. */
  byte id() {
    return derived("key id")[0];
  }

  /** The other key, readable for those who have this one. */
  byte[] wrap(SecretKey other) {
    return wrapper().seal(other.key);
  }

  /**
   * The key that was wrapped.
   *
   * @throws CannotOpen when another key than this one did it
   */
  SecretKey unwrap(byte[] wrapped) {
    return new SecretKey(wrapper().open(wrapped));
  }

  private Sealer wrapper() {
    return new Sealer(derived("other keys"), id());
  }

  /**
   * Says which key this is without giving it away. It is kept in the database's settings, so that a
   * node that starts with another key is noticed.
   */
  public String checkValue() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(derived("check value"));
  }

  /** The bytes of base64 text; white space around it does not count. */
  static byte[] decoded(String base64, String origin) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException notBase64) {
      // The cause names characters of the key.
      throw new UnusableKey(origin + " is not base64", null);
    }
    if (key.length != BYTES) {
      throw new UnusableKey(
          origin + " holds " + key.length + " bytes, but a key has " + BYTES, null);
    }
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SecretKey same && MessageDigest.isEqual(key, same.key);
  }

  @Override
  public int hashCode() {
    return checkValue().hashCode();
  }

  @Override
  public String toString() {
    return "SecretKey";
  }
}

package dev.runnel.secret;

import dev.runnel.secret.CannotOpen.Reason;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values that rest in the database: AES-256-GCM under a random nonce, so that the same
 * value never looks the same twice. Safe for use by several threads.
 *
 * <p>A sealed value is one byte that names the key, 12 bytes of nonce, the cipher text and a tag of
 * 16 bytes; the first byte is covered by the tag.
 */
public final class Sealer {
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int HEAD = 1 + NONCE;

  private final SecretKeySpec key;
  private final byte keyId;
  private final SecureRandom random = new SecureRandom();

  Sealer(byte[] key, byte keyId) {
    this.key = new SecretKeySpec(key, "AES");
    this.keyId = keyId;
  }

  /** The value, sealed; 29 bytes longer. */
  public byte[] seal(byte[] value) {
    var nonce = new byte[NONCE];
    random.nextBytes(nonce);
    var sealed = new byte[HEAD + value.length + TAG];
    sealed[0] = keyId;
    System.arraycopy(nonce, 0, sealed, 1, NONCE);
    try {
      cipher(Cipher.ENCRYPT_MODE, sealed).doFinal(value, 0, value.length, sealed, HEAD);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("AES-GCM does not work in this JDK", missing);
    }
    return sealed;
  }

  /**
   * The value that was sealed.
   *
   * @throws CannotOpen when it was sealed with another key or is damaged
   */
  public byte[] open(byte[] sealed) {
    if (sealed.length < HEAD + TAG) {
      throw new CannotOpen(Reason.DAMAGED);
    }
    if (sealed[0] != keyId) {
      throw new CannotOpen(Reason.OTHER_KEY);
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed).doFinal(sealed, HEAD, sealed.length - HEAD);
    } catch (AEADBadTagException damaged) {
      throw new CannotOpen(Reason.DAMAGED);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("AES-GCM does not work in this JDK", missing);
    }
  }

  private Cipher cipher(int mode, byte[] sealed) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG, Arrays.copyOfRange(sealed, 1, HEAD)));
    cipher.updateAAD(sealed, 0, 1);
    return cipher;
  }
}

package dev.runnel.store;

import dev.runnel.secret.SharedKey;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes bytes unreadable for whoever has the database but not the key. */
public interface Sealer {

  /** The sealed form; sealing the same bytes twice need not give the same. */
  byte[] seal(byte[] plain);

  /** What was sealed; throws when it was sealed with another key or changed since. */
  byte[] open(byte[] sealed);

  /** The same value sealed with the newest key; empty where it already is. */
  default Optional<byte[]> renewed(byte[] sealed) {
    return Optional.empty();
  }

  /** Looks for keys that are new; whether there were any. */
  default Future<Boolean> learn() {
    return Future.succeededFuture(false);
  }

  /** The sealer of a key that may be changed. */
  static Sealer of(SharedKey key) {
    return new Sealer() {
      @Override
      public byte[] seal(byte[] plain) {
        return key.ring().seal(plain);
      }

      @Override
      public byte[] open(byte[] sealed) {
        return key.ring().open(sealed);
      }

      @Override
      public Optional<byte[]> renewed(byte[] sealed) {
        return key.ring().renewed(sealed);
      }

      @Override
      public Future<Boolean> learn() {
        return key.learn();
      }
    };
  }

  /** A sealer out of two functions. */
  static Sealer of(UnaryOperator<byte[]> seal, UnaryOperator<byte[]> open) {
    return new Sealer() {
      @Override
      public byte[] seal(byte[] plain) {
        return seal.apply(plain);
      }

      @Override
      public byte[] open(byte[] sealed) {
        return open.apply(sealed);
      }
    };
  }
}

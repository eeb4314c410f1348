package dev.runnel.store;

import java.util.function.UnaryOperator;

/** Makes bytes unreadable for whoever has the database but not the key. */
public interface Sealer {

  /** The sealed form; sealing the same bytes twice need not give the same. */
  byte[] seal(byte[] plain);

  /** What was sealed; throws when it was sealed with another key or changed since. */
  byte[] open(byte[] sealed);

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

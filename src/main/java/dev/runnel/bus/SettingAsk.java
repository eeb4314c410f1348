package dev.runnel.bus;

import java.util.Optional;

/** Questions about small values that all nodes of one database share. */
public sealed interface SettingAsk<R> extends StoreAsk<R> {

  /** The value of this key. */
  record Find(String key) implements SettingAsk<Optional<byte[]>> {}

  /** Stores the value unless there is one, and answers the one that is stored. */
  record Keep(String key, byte[] value) implements SettingAsk<byte[]> {}

  /** Stores the value, whatever there was. */
  record Put(String key, byte[] value) implements SettingAsk<byte[]> {}
}

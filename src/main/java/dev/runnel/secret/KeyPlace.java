package dev.runnel.secret;

import dev.runnel.config.DataOptions;

/** Where this process has its key from: the option when it is set, else a file in the data dir. */
public record KeyPlace(DataOptions options) {

  /** Whether the key is in a file that a new one can be written to. */
  public boolean isFile() {
    return options.secretKey() == null;
  }

  /** What the operator calls it. */
  public String name() {
    return isFile() ? file().path().toString() : "RUNNEL_SECRET_KEY";
  }

  /** See {@link SecretKey#of(DataOptions)}. */
  SecretKey load() {
    var given = options.secretKey();
    return given == null ? file().loadOrMake() : SecretKey.of(given, "RUNNEL_SECRET_KEY");
  }

  /**
   * Puts the key into the file; where the option is set nothing can be done. Blocks on the disk.
   */
  void keep(SecretKey key) {
    if (isFile()) {
      file().replace(key);
    }
  }

  KeyFile file() {
    return new KeyFile(options.dir().resolve("secret.key"));
  }
}

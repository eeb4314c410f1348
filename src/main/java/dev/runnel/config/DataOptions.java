package dev.runnel.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the service keeps its own files. */
public record DataOptions(
    @Option(
            variable = "RUNNEL_DATA_DIR",
            initial = ".runnel",
            meaning = "Embedded database, keys, script files and run directories.")
        Path dir,
    @Option(
            variable = "RUNNEL_SECRET_KEY",
            secret = true,
            pattern = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=",
            allowed = "32 bytes in base64, as `openssl rand -base64 32` prints them",
            meaning =
                "Signs tokens and encrypts stored environment values. Unset:"
                    + " made once and kept in the data dir. The same on all nodes of one database.")
        @Nullable String secretKey) {

  /** Says of a secret only whether it is set. */
  @Override
  public String toString() {
    return OptionTree.shown(this);
  }
}

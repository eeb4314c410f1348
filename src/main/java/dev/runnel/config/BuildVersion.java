package dev.runnel.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which version of the service this is. */
public final class BuildVersion {
  private BuildVersion() {}

  /** As the build named it: {@code 0.1.0}. */
  public static String number() {
    var build = new Properties();
    try (var stream = BuildVersion.class.getResourceAsStream("/runnel-build.properties")) {
      build.load(stream);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return build.getProperty("version");
  }
}

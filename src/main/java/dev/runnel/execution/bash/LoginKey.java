package dev.runnel.execution.bash;

import dev.runnel.execution.ChildEnvironment;
import dev.runnel.execution.Interpreter.Workplace;
import dev.runnel.script.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a profile can tell two runs apart by, but for what is another in every run. The values
 * of variables are only held as a hash: they may be secrets.
 */
record LoginKey(ByteBuffer environment, Path workingDirectory, Limits limits) {

  static LoginKey of(Workplace workplace, Limits limits) {
    return new LoginKey(
        ByteBuffer.wrap(hash(workplace.environment())).asReadOnlyBuffer(),
        workplace.workingDirectory(),
        limits);
  }

  /** Whether it says something of the single run. */
  static boolean isOfTheRun(String variable) {
    return ChildEnvironment.RESERVED.stream().anyMatch(variable::startsWith);
  }

  private static byte[] hash(Map<String, String> environment) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(environment)
          .forEach((name, value) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            if (!isOfTheRun(name)) {
              digest.update((byte) '=');
              digest.update(value.getBytes(StandardCharsets.UTF_8));
            }
            digest.update((byte) 0);
          });
      return digest.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

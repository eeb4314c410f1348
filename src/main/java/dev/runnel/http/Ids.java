package dev.runnel.http;

import dev.runnel.problem.Problem;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as they come in paths and queries. */
public final class Ids {
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Ids() {}

  /** The id; nothing can have one that is none, so that is {@code NotFound}. */
  public static UUID uuid(Problem.Kind kind, String text) {
    return uuid(text).orElseThrow(() -> new Problem.NotFound(kind, text));
  }

  /** The id, empty when it is none. */
  public static Optional<UUID> uuid(String text) {
    return UUID_TEXT.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }
}

package dev.runnel.script;

import java.util.Optional;

/**
 * What somebody wants to execute, and for whom that is.
 *
 * @param audience superusers where nobody has said anything
 * @param isPermitted whether somebody has
 */
public record Executable(Optional<Script> script, Audience audience, boolean isPermitted) {

  /** Of a permission that may not be there. */
  public static Executable of(Optional<Script> script, Optional<Audience> permission) {
    return new Executable(script, permission.orElse(Audience.SUPERUSER), permission.isPresent());
  }
}

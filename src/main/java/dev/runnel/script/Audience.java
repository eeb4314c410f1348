package dev.runnel.script;

import dev.runnel.account.Principal;
import dev.runnel.account.Role;
import java.util.Locale;
import java.util.Optional;

/** Who may execute something. */
public enum Audience {
  ANONYMOUS(Role.GUEST),
  USER(Role.USER),
  SUPERUSER(Role.SUPERUSER);

  private final Role role;

  Audience(Role role) {
    this.role = role;
  }

  /** Whether this caller is one of them; superusers always are. */
  public boolean admits(Principal principal) {
    return principal.has(role);
  }

  /** The lower-case name. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its name in any case. */
  public static Optional<Audience> of(String name) {
    for (var audience : values()) {
      if (audience.wire().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(audience);
      }
    }
    return Optional.empty();
  }
}

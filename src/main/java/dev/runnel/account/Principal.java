package dev.runnel.account;

/** Who is calling, once credentials are resolved. */
public sealed interface Principal {

  /** Nobody we know: no credentials, or none that hold. */
  record Guest() implements Principal {}

  /** A record of the collection {@code users}. */
  record User(String id) implements Principal {}

  /**
   * May do everything.
   *
   * @param id account id, or the name of the configured Basic pair
   * @param how how the credentials came
   */
  record Superuser(String id, Credential how) implements Principal {}

  /** How credentials were presented. */
  enum Credential {
    TOKEN,
    BASIC,
    COMMAND_LINE
  }

  /** Whether this caller may use a route that asks for {@code role}. */
  default boolean has(Role role) {
    return switch (this) {
      case Guest _ -> role == Role.GUEST;
      case User _ -> role != Role.SUPERUSER;
      case Superuser _ -> true;
    };
  }

  /** A stable name of the caller for records; empty for guests. */
  default String actorId() {
    return switch (this) {
      case Guest _ -> "";
      case User(var id) -> id;
      case Superuser(var id, _) -> id;
    };
  }
}

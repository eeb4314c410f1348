package dev.runnel.secret;

/** A sealed value that this key does not open. */
public final class CannotOpen extends RuntimeException {

  /** Why not. */
  public enum Reason {
    /** Another key sealed it. */
    OTHER_KEY,
    /** It was changed or cut since it was sealed. */
    DAMAGED
  }

  private final Reason reason;

  CannotOpen(Reason reason) {
    super(
        switch (reason) {
          case OTHER_KEY -> "The value was sealed with another secret key";
          case DAMAGED -> "The sealed value is damaged";
        });
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

package dev.runnel.account;

import java.util.regex.Pattern;

/** The two forms that an account's id may have; tokens and URLs can carry both as they are. */
public final class AccountId {
  private static final Pattern FORMS =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[a-z0-9]{15}");

  private AccountId() {}

  /** Whether it is a lower-case UUIDv7 or 15 characters of {@code a-z} and {@code 0-9}. */
  public static boolean isValid(String id) {
    return FORMS.matcher(id).matches();
  }
}

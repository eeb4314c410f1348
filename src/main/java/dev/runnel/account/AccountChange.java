package dev.runnel.account;

import org.jspecify.annotations.Nullable;

/** What is to be another value; null stays as it is. */
public record AccountChange(
    @Nullable String email,
    @Nullable Boolean emailVisibility,
    @Nullable Boolean verified,
    @Nullable String name) {

  /** Nothing but what is renewed beside it. */
  public static final AccountChange NOTHING = new AccountChange(null, null, null, null);
}

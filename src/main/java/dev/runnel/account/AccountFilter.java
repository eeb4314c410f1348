package dev.runnel.account;

import java.time.Instant;

/** Which accounts a list is about. */
public sealed interface AccountFilter {

  /** How two values are compared. */
  enum Comparison {
    EQUAL,
    UNEQUAL,
    GREATER,
    AT_LEAST,
    LESS,
    AT_MOST
  }

  /** Both hold. */
  record Both(AccountFilter left, AccountFilter right) implements AccountFilter {}

  /** At least one holds. */
  record Either(AccountFilter left, AccountFilter right) implements AccountFilter {}

  /** Byte by byte. {@code field} is a text. */
  record Text(AccountField field, Comparison how, String value) implements AccountFilter {}

  /**
   * Whether the text holds {@code value} somewhere, ignoring case; with a {@code %} in it, which
   * stands for anything, the whole text must be like it.
   *
   * @param negated what is not like it
   */
  record Like(AccountField field, boolean negated, String value) implements AccountFilter {}

  /** {@code field} is a truth. */
  record Flag(AccountField field, boolean value) implements AccountFilter {}

  /** To the millisecond. {@code field} is a time. */
  record Time(AccountField field, Comparison how, Instant value) implements AccountFilter {}
}

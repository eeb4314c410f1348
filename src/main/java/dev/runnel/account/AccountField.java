package dev.runnel.account;

/** A field of accounts that lists can be ordered and narrowed by. */
public enum AccountField {
  ID,
  EMAIL,
  EMAIL_VISIBILITY,
  VERIFIED,
  NAME,
  CREATED,
  UPDATED
}

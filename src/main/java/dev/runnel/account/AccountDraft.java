package dev.runnel.account;

import org.jspecify.annotations.Nullable;

/**
 * An account to be.
 *
 * @param id null: a new UUIDv7
 */
public record AccountDraft(
    Collection collection,
    @Nullable String id,
    String email,
    boolean emailVisibility,
    boolean verified,
    String name) {
  @Override
  public String toString() {
    return collection.wireName() + "/" + id;
  }
}

package dev.runnel.account;

import java.time.Instant;

/**
 * A record of an auth collection.
 *
 * @param id see {@link AccountId}
 * @param passwordHash bcrypt, cost 10; never leaves the service
 * @param tokenKey random text that every token of the account is bound to: a new one revokes them
 */
public record Account(
    String id,
    Collection collection,
    String email,
    boolean emailVisibility,
    boolean verified,
    String name,
    String passwordHash,
    String tokenKey,
    Instant created,
    Instant updated) {
  @Override
  public String toString() {
    return collection.wireName() + "/" + id;
  }
}

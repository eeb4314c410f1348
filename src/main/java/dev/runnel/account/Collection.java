package dev.runnel.account;

import java.util.Optional;

/** The two auth collections of the BosBase dialect, with their wire ids. */
public enum Collection {
  SUPERUSERS("_superusers", "pbc_3142635823"),
  USERS("users", "_pb_users_auth_");

  private final String wireName;
  private final String wireId;

  Collection(String wireName, String wireId) {
    this.wireName = wireName;
    this.wireId = wireId;
  }

  public String wireName() {
    return wireName;
  }

  public String wireId() {
    return wireId;
  }

  /** The collection by name or id. */
  public static Optional<Collection> of(String nameOrId) {
    for (var collection : values()) {
      if (collection.wireName.equals(nameOrId) || collection.wireId.equals(nameOrId)) {
        return Optional.of(collection);
      }
    }
    return Optional.empty();
  }
}

package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A record of an auth collection; only users have a name and an avatar.
 *
 * @param email null: not for this caller
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccountWire(
    @Nullable String avatar,
    String collectionId,
    String collectionName,
    String created,
    @Nullable String email,
    boolean emailVisibility,
    String id,
    @Nullable String name,
    String updated,
    boolean verified) {

  /** As its owner sees it. */
  static AccountWire of(Account account) {
    return of(account, account.email());
  }

  /** As this caller sees it. */
  static AccountWire seenBy(Principal caller, Account account) {
    var isTheirs =
        switch (caller) {
          case Principal.Guest _ -> false;
          case Principal.User(var id) ->
              account.collection() == Collection.USERS && account.id().equals(id);
          case Principal.Superuser _ -> true;
        };
    return of(account, isTheirs || account.emailVisibility() ? account.email() : null);
  }

  private static AccountWire of(Account account, @Nullable String email) {
    var isUser = account.collection() == Collection.USERS;
    return new AccountWire(
        isUser ? "" : null,
        account.collection().wireId(),
        account.collection().wireName(),
        Timestamps.record(account.created()),
        email,
        account.emailVisibility(),
        account.id(),
        isUser ? account.name() : null,
        Timestamps.record(account.updated()),
        !isUser || account.verified());
  }
}

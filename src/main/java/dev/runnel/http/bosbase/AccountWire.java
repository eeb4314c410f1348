package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import org.jspecify.annotations.Nullable;

/** A record of an auth collection as its owner sees it; only users have a name and an avatar. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccountWire(
    @Nullable String avatar,
    String collectionId,
    String collectionName,
    String created,
    String email,
    boolean emailVisibility,
    String id,
    @Nullable String name,
    String updated,
    boolean verified) {

  static AccountWire of(Account account) {
    var isUser = account.collection() == Collection.USERS;
    return new AccountWire(
        isUser ? "" : null,
        account.collection().wireId(),
        account.collection().wireName(),
        Timestamps.record(account.created()),
        account.email(),
        account.emailVisibility(),
        account.id(),
        isUser ? account.name() : null,
        Timestamps.record(account.updated()),
        !isUser || account.verified());
  }
}

package dev.runnel.store;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The records of both auth collections. */
final class AccountTable {
  private static final String COLUMNS =
      """
      id, collection, email, email_visibility, verified, name, password_hash, token_key, created,
      updated
      """;

  /** Each one index probe. */
  private static final String FIND_BY_EMAIL =
      "SELECT " + COLUMNS + " FROM accounts WHERE collection = $1 AND email_key = $2";

  private static final String FIND_BY_ID =
      "SELECT " + COLUMNS + " FROM accounts WHERE id = $2 AND collection = $1";

  /** All index entries of the collection. */
  private static final String COUNT = "SELECT count(*) FROM accounts WHERE collection = $1";

  /** One row; a superuser is verified by being one. */
  private static final String UPSERT =
      """
      INSERT INTO accounts AS known (id, collection, email, email_key, email_visibility, verified,
                                     name, password_hash, token_key, created, updated)
      VALUES ($1, $2, $3, $4, false, $5, '', $6, $7, $8, $8)
      ON CONFLICT (collection, email_key) DO UPDATE
         SET password_hash = $6, token_key = $7, updated = $8
      RETURNING
      """
          + COLUMNS;

  private final Database database;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  AccountTable(Database database, InstantSource clock, Supplier<UUID> ids) {
    this.database = database;
    this.clock = clock;
    this.ids = ids;
  }

  Future<Optional<Account>> findByEmail(Collection collection, String email) {
    return database.first(
        FIND_BY_EMAIL, Tuple.of(collection.wireName(), key(email)), AccountTable::account);
  }

  Future<Optional<Account>> find(Collection collection, String id) {
    return database.first(FIND_BY_ID, Tuple.of(collection.wireName(), id), AccountTable::account);
  }

  Future<Long> count(Collection collection) {
    return database
        .list(COUNT, Tuple.of(collection.wireName()), row -> row.getLong(0))
        .map(List::getFirst);
  }

  Future<Account> upsert(AccountAsk.Upsert upsert) {
    var values =
        Tuple.of(ids.get().toString(), upsert.collection().wireName(), upsert.email())
            .addString(key(upsert.email()))
            .addBoolean(upsert.collection() == Collection.SUPERUSERS)
            .addString(upsert.passwordHash())
            .addString(upsert.tokenKey())
            .addOffsetDateTime(Cells.at(clock.instant()));
    return database.list(UPSERT, values, AccountTable::account).map(List::getFirst);
  }

  private static String key(String email) {
    return email.toLowerCase(Locale.ROOT);
  }

  private static Account account(Row row) {
    var cells = new Cells(row);
    return new Account(
        cells.text(),
        Collection.of(cells.text()).orElseThrow(),
        cells.text(),
        cells.flag(),
        cells.flag(),
        cells.text(),
        cells.text(),
        cells.text(),
        cells.instant(),
        cells.instant());
  }
}

package dev.runnel.store;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import dev.runnel.problem.Problem;
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
  static final String COLUMNS =
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

  /** One row, four index entries. */
  private static final String CREATE =
      """
      INSERT INTO accounts (id, collection, email, email_key, email_visibility, verified, name,
                            password_hash, token_key, created, updated)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
      RETURNING
      """
          + COLUMNS;

  /** Row lock by id; indexes only for another e-mail. */
  private static final String UPDATE =
      """
      UPDATE accounts
         SET email = coalesce($3::text, email),
             email_key = coalesce($4::text, email_key),
             email_visibility = coalesce($5::boolean, email_visibility),
             verified = coalesce($6::boolean, verified),
             name = coalesce($7::text, name),
             password_hash = coalesce($8::text, password_hash),
             token_key = coalesce($9::text, token_key),
             updated = $11
       WHERE id = $1 AND collection = $2 AND token_key = coalesce($10::text, token_key)
      RETURNING
      """
          + COLUMNS;

  private static final String DELETE = "DELETE FROM accounts WHERE id = $1 AND collection = $2";

  /**
   * Locks every superuser, always in the same order: of two deletions one waits for the other and
   * then counts again. They are few.
   */
  private static final String DELETE_SUPERUSER =
      """
      WITH held AS MATERIALIZED (
        SELECT id FROM accounts WHERE collection = $2 ORDER BY id FOR UPDATE),
      gone AS (
        DELETE FROM accounts
         WHERE id = $1 AND collection = $2 AND (SELECT count(*) FROM held) > 1
        RETURNING id)
      SELECT EXISTS (SELECT FROM gone), EXISTS (SELECT FROM held WHERE id = $1)
      """;

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

  Future<Account> create(AccountAsk.Create create) {
    var draft = create.draft();
    var id = draft.id() == null ? ids.get().toString() : draft.id();
    var values =
        Tuple.of(id, draft.collection().wireName(), draft.email(), key(draft.email()))
            .addBoolean(draft.emailVisibility())
            .addBoolean(draft.verified())
            .addString(draft.name())
            .addString(create.passwordHash())
            .addString(create.tokenKey())
            .addOffsetDateTime(Cells.at(clock.instant()));
    return database.list(CREATE, values, AccountTable::account).map(List::getFirst);
  }

  Future<Account> update(AccountAsk.Update update) {
    var change = update.change();
    var renewal = update.renewal();
    var values =
        Tuple.of(update.id(), update.collection().wireName())
            .addString(change.email())
            .addString(change.email() == null ? null : key(change.email()))
            .addBoolean(change.emailVisibility())
            .addBoolean(change.verified())
            .addString(change.name())
            .addString(renewal.passwordHash())
            .addString(renewal.tokenKey())
            .addString(renewal.formerKey())
            .addOffsetDateTime(Cells.at(clock.instant()));
    return database
        .first(UPDATE, values, AccountTable::account)
        .map(found ->
            found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.ACCOUNT, update.id())));
  }

  Future<AccountAsk.Removal> delete(Collection collection, String id) {
    var values = Tuple.of(id, collection.wireName());
    return switch (collection) {
      case USERS ->
          database
              .run(DELETE, values)
              .map(rows ->
                  rows.rowCount() > 0 ? AccountAsk.Removal.DONE : AccountAsk.Removal.MISSING);
      case SUPERUSERS ->
          database.list(DELETE_SUPERUSER, values, AccountTable::removal).map(List::getFirst);
    };
  }

  private static AccountAsk.Removal removal(Row row) {
    if (row.getBoolean(0)) {
      return AccountAsk.Removal.DONE;
    }
    return row.getBoolean(1) ? AccountAsk.Removal.LAST_SUPERUSER : AccountAsk.Removal.MISSING;
  }

  private static String key(String email) {
    return email.toLowerCase(Locale.ROOT);
  }

  static Account account(Row row) {
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

package dev.runnel.store;

import dev.runnel.account.AccountField;
import dev.runnel.account.AccountFilter;
import dev.runnel.account.AccountQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lists of accounts. Values are always parameters; only names of columns are written into SQL. */
final class AccountSearch {
  private final Database database;

  AccountSearch(Database database) {
    this.database = database;
  }

  /**
   * Without a filter and order of its own: the index entries before and on the page. With them: all
   * of the collection, which is why it has connections of its own. The total counts all entries.
   */
  Future<AccountQuery.Page> search(AccountQuery query) {
    var page = new Statement();
    var items =
        database.list(
            "SELECT "
                + AccountTable.COLUMNS
                + " FROM accounts WHERE "
                + page.condition(query)
                + " ORDER BY "
                + order(query)
                + " LIMIT "
                + page.value(query.perPage())
                + "::bigint OFFSET "
                + page.value((query.page() - 1L) * query.perPage())
                + "::bigint",
            page.values(),
            AccountTable::account);
    return items.compose(
        accounts -> total(query).map(total -> new AccountQuery.Page(accounts, total)));
  }

  private Future<Long> total(AccountQuery query) {
    if (!query.isCounted()) {
      return Future.succeededFuture(-1L);
    }
    var count = new Statement();
    return database
        .list(
            "SELECT count(*) FROM accounts WHERE " + count.condition(query),
            count.values(),
            row -> row.getLong(0))
        .map(List::getFirst);
  }

  private static String order(AccountQuery query) {
    return query.order().isEmpty()
        ? "created, id"
        : query.order().stream()
                .map(by -> column(by.field()) + (by.descending() ? " DESC" : ""))
                .collect(Collectors.joining(", "))
            + ", id";
  }

  /** Machine order for every text, whatever the database's own is. */
  private static String column(AccountField field) {
    return switch (field) {
      case ID -> "id";
      case EMAIL -> "email COLLATE \"C\"";
      case EMAIL_VISIBILITY -> "email_visibility";
      case VERIFIED -> "verified";
      case NAME -> "name COLLATE \"C\"";
      case CREATED -> "created";
      case UPDATED -> "updated";
    };
  }

  /** A statement that collects its parameters. */
  private static final class Statement {
    private final List<Object> values = new ArrayList<>();

    String value(Object value) {
      values.add(value);
      return "$" + values.size();
    }

    Tuple values() {
      return Tuple.wrap(values);
    }

    String condition(AccountQuery query) {
      var condition = "collection = " + value(query.collection().wireName()) + "::text";
      if (query.onlyId() != null) {
        condition += " AND id = " + value(query.onlyId()) + "::text";
      }
      return query.filter() == null ? condition : condition + " AND " + of(query.filter());
    }

    private String of(AccountFilter filter) {
      return switch (filter) {
        case AccountFilter.Both(var left, var right) -> "(" + of(left) + " AND " + of(right) + ")";
        case AccountFilter.Either(var left, var right) -> "(" + of(left) + " OR " + of(right) + ")";
        case AccountFilter.Text(var field, var how, var text) ->
            column(field) + sign(how) + value(text) + "::text";
        case AccountFilter.Like(var field, var negated, var text) ->
            likeColumn(field)
                + (negated ? " NOT ILIKE " : " ILIKE ")
                + value(pattern(text))
                + "::text";
        case AccountFilter.Flag(var field, var wanted) -> column(field) + " IS " + wanted;
        case AccountFilter.Time(var field, var how, var time) ->
            "date_trunc('milliseconds', "
                + column(field)
                + ")"
                + sign(how)
                + value(Cells.at(time))
                + "::timestamptz";
      };
    }

    /** In the database's own collation, which knows the case of more than ASCII. */
    private static String likeColumn(AccountField field) {
      return column(field).replace(" COLLATE \"C\"", "");
    }

    private static String pattern(String text) {
      var escaped = text.replace("\\", "\\\\").replace("_", "\\_");
      return escaped.indexOf('%') >= 0 ? escaped : "%" + escaped + "%";
    }

    private static String sign(AccountFilter.Comparison how) {
      return switch (how) {
        case EQUAL -> " = ";
        case UNEQUAL -> " <> ";
        case GREATER -> " > ";
        case AT_LEAST -> " >= ";
        case LESS -> " < ";
        case AT_MOST -> " <= ";
      };
    }
  }
}

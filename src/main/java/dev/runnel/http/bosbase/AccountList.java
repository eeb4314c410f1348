package dev.runnel.http.bosbase;

import dev.runnel.account.AccountField;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.http.Call;
import dev.runnel.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a query string asks of a list: {@code page, perPage, sort, filter, skipTotal}. */
final class AccountList {
  private static final int PER_PAGE = 30;
  private static final int MAX_PER_PAGE = 1_000;
  private static final int MAX_SORTS = 8;

  private AccountList() {}

  /** Fails with {@code Invalid} for what it does not understand. */
  static AccountQuery of(Call call, Collection collection) {
    var filter = Optional.ofNullable(call.query("filter")).map(AccountFilterText::parsed);
    var perPage = number(call, "perPage");
    var skipTotal = call.query("skipTotal");
    return new AccountQuery(
        collection,
        only(call.principal()).orElse(null),
        filter.orElse(null),
        order(call.query("sort")),
        Math.max(1, number(call, "page")),
        perPage < 1 ? PER_PAGE : Math.min(perPage, MAX_PER_PAGE),
        skipTotal == null || !(skipTotal.equals("1") || skipTotal.equals("true")));
  }

  /** The field that has this name on the wire. */
  static Optional<AccountField> field(String name) {
    return Stream.of(AccountField.values()).filter(field -> name(field).equals(name)).findFirst();
  }

  static String name(AccountField field) {
    return switch (field) {
      case ID -> "id";
      case EMAIL -> "email";
      case EMAIL_VISIBILITY -> "emailVisibility";
      case VERIFIED -> "verified";
      case NAME -> "name";
      case CREATED -> "created";
      case UPDATED -> "updated";
    };
  }

  /** All names, for messages. */
  static String names() {
    return Stream.of(AccountField.values())
        .map(AccountList::name)
        .collect(Collectors.joining(", "));
  }

  /** Who is not a superuser sees at most itself; a guest is nobody. */
  private static Optional<String> only(Principal principal) {
    return switch (principal) {
      case Principal.Guest _ -> Optional.of("");
      case Principal.User(var id) -> Optional.of(id);
      case Principal.Superuser _ -> Optional.empty();
    };
  }

  private static int number(Call call, String name) {
    var given = call.query(name);
    try {
      return given == null ? 0 : Integer.parseInt(given);
    } catch (NumberFormatException notANumber) {
      throw new Problem.Invalid(name, name + " must be a whole number");
    }
  }

  private static List<AccountQuery.Order> order(@Nullable String sort) {
    var order = new ArrayList<AccountQuery.Order>();
    for (var part : sort == null ? List.<String>of() : List.of(sort.split(",", -1))) {
      var given = part.strip();
      var signed = given.startsWith("-") || given.startsWith("+");
      var field = field(signed ? given.substring(1) : given);
      if (field.isEmpty() || order.size() == MAX_SORTS) {
        throw new Problem.Invalid(
            "sort",
            "sort takes up to "
                + MAX_SORTS
                + " of these fields, separated by commas, with a minus"
                + " in front for the largest first: "
                + names());
      }
      order.add(new AccountQuery.Order(field.get(), given.startsWith("-")));
    }
    return order;
  }
}

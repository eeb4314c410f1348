package dev.runnel.http.bosbase;

import static dev.runnel.account.Role.GUEST;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.account.Role;
import dev.runnel.auth.Access;
import dev.runnel.auth.Members;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code /api/collections/…/records}: users and superusers. Anybody may become a user; a user sees
 * and changes only itself, superusers everybody.
 */
final class AccountRoutes {
  private final Access access;
  private final Members members;

  private AccountRoutes(Access access) {
    this.access = access;
    this.members = access.members();
  }

  static void mount(Routes routes, Access access) {
    var here = new AccountRoutes(access);
    routes.post("/api/collections/:collection/records", GUEST, here::create);
    routes.get("/api/collections/:collection/records", GUEST, here::list);
    routes.get("/api/collections/:collection/records/:id", GUEST, here::view);
    routes.patch("/api/collections/:collection/records/:id", GUEST, here::update);
    routes.delete("/api/collections/:collection/records/:id", GUEST, here::delete);
  }

  record Listed(List<AccountWire> items, int page, int perPage, long totalItems, long totalPages) {}

  private Future<Answer> create(Call call) {
    var form = form(call);
    var entry = form.entry();
    return members
        .create(entry.draft(), entry.password())
        .recover(failure -> worded(failure, AccountForm.CREATE_FAILED))
        .map(account -> seen(call, account));
  }

  private Future<Answer> list(Call call) {
    var collection = open(call);
    var query = AccountList.of(call, collection);
    return members
        .search(query)
        .map(page -> {
          var items =
              page.accounts().stream()
                  .map(account -> AccountWire.seenBy(call.principal(), account))
                  .toList();
          var pages = page.total() < 0 ? -1 : Math.ceilDiv(page.total(), query.perPage());
          return Answer.ok(new Listed(items, query.page(), query.perPage(), page.total(), pages));
        });
  }

  private Future<Answer> view(Call call) {
    return visible(call).map(account -> seen(call, account));
  }

  private Future<Answer> update(Call call) {
    var form = form(call);
    return visible(call)
        .compose(account -> {
          form.checkChange(account);
          return confirmed(call, form, account);
        })
        .compose(account ->
            members.update(account, form.change(), form.newPassword(), !form.isBySuperuser()))
        .recover(failure -> worded(failure, AccountForm.UPDATE_FAILED))
        .map(account -> seen(call, account));
  }

  /** The account again, if its owner knows its password or need not say it. */
  private Future<Account> confirmed(Call call, AccountForm form, Account account) {
    if (form.isBySuperuser() || form.newPassword() == null) {
      return Future.succeededFuture(account);
    }
    return access
        .confirm(account, form.oldPassword(), call.ip())
        .map(right -> {
          new FieldErrors()
              .addIf(!right, "oldPassword", FieldErrors.WRONG_OLD_PASSWORD)
              .refuse(AccountForm.UPDATE_FAILED);
          return account;
        });
  }

  private Future<Answer> delete(Call call) {
    return visible(call)
        .compose(account -> members.delete(account.collection(), account.id()))
        .map(removal ->
            switch (removal) {
              case DONE -> Answer.nothing();
              case MISSING -> throw new Problem.NotFound(Problem.Kind.ACCOUNT, call.path("id"));
              case LAST_SUPERUSER ->
                  throw Refuse.badRequest("You can't delete the only existing superuser.");
            });
  }

  private static Answer seen(Call call, Account account) {
    return Answer.ok(AccountWire.seenBy(call.principal(), account));
  }

  private static AccountForm form(Call call) {
    var collection = open(call);
    return new AccountForm(collection, call.body(), call.principal().has(Role.SUPERUSER));
  }

  /** The collection, if this caller may know anything about it. */
  private static Collection open(Call call) {
    var collection = CollectionPath.of(call);
    if (collection == Collection.SUPERUSERS && !call.principal().has(Role.SUPERUSER)) {
      throw Refuse.forbidden("Only superusers can perform this action.");
    }
    return collection;
  }

  /** What a caller may not see is not there. */
  private Future<Account> visible(Call call) {
    var collection = open(call);
    var id = call.path("id");
    var isTheirs =
        switch (call.principal()) {
          case Principal.Guest _ -> false;
          case Principal.User(var own) -> own.equals(id);
          case Principal.Superuser _ -> true;
        };
    return isTheirs
        ? members.get(collection, id)
        : Future.failedFuture(new Problem.NotFound(Problem.Kind.ACCOUNT, id));
  }

  private static <T> Future<T> worded(Throwable failure, String message) {
    return Future.failedFuture(
        failure instanceof Problem.Taken taken
            ? AccountForm.taken(message, taken.field())
            : failure);
  }
}

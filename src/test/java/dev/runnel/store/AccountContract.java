package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountField;
import dev.runnel.account.AccountFilter;
import dev.runnel.account.AccountId;
import dev.runnel.account.AccountQuery;
import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.SettingAsk;
import dev.runnel.bus.StoreHealth;
import dev.runnel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Accounts and settings. */
abstract class AccountContract extends StoreContract {
  private static final AccountAsk.Renewal KEEP = new AccountAsk.Renewal(null, null, null);

  @Test
  void anAccountIsFoundByIdAndByEmailInAnyCase() {
    var account = upsert(Collection.USERS, "Ann@Example.com", "h1", "k1");

    assertThat(store.ask(new AccountAsk.FindByEmail(Collection.USERS, "aNN@example.COM")))
        .contains(account);
    assertThat(store.ask(new AccountAsk.FindById(Collection.USERS, account.id())))
        .contains(account);
    assertThat(account.email()).isEqualTo("Ann@Example.com");
    assertThat(account.verified()).isFalse();
  }

  @Test
  void collectionsShareNothing() {
    var before = store.ask(new AccountAsk.Count(Collection.SUPERUSERS));
    var account = upsert(Collection.SUPERUSERS, "root@example.com", "h", "k");

    assertThat(account.verified()).isTrue();
    assertThat(store.ask(new AccountAsk.FindByEmail(Collection.USERS, "root@example.com")))
        .isEmpty();
    assertThat(store.ask(new AccountAsk.FindById(Collection.USERS, account.id()))).isEmpty();
    assertThat(store.ask(new AccountAsk.Count(Collection.SUPERUSERS))).isEqualTo(before + 1);
  }

  @Test
  void anUpsertOfAKnownEmailRenewsPasswordAndTokenKeyOnly() {
    var first = upsert(Collection.USERS, "bob@example.com", "h1", "k1");
    var second = upsert(Collection.USERS, "BOB@example.com", "h2", "k2");

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.email()).isEqualTo("bob@example.com");
    assertThat(second.passwordHash()).isEqualTo("h2");
    assertThat(second.tokenKey()).isEqualTo("k2");
    assertThat(second.created()).isEqualTo(first.created());
  }

  @Test
  void aCreatedAccountHasWhatWasAskedFor() {
    var draft =
        new AccountDraft(Collection.USERS, null, "Cy@example.com", true, true, "Cy \uD83D\uDE00");
    var account = store.ask(new AccountAsk.Create(draft, "h", "k"));

    assertThat(AccountId.isValid(account.id())).isTrue();
    assertThat(account.email()).isEqualTo("Cy@example.com");
    assertThat(account.emailVisibility()).isTrue();
    assertThat(account.verified()).isTrue();
    assertThat(account.name()).isEqualTo("Cy \uD83D\uDE00");
    assertThat(account.updated()).isEqualTo(account.created());
    assertThat(store.ask(new AccountAsk.FindById(Collection.USERS, account.id())))
        .contains(account);
  }

  @Test
  void emailsAreUniqueInACollectionAndIdsInBoth() {
    create(Collection.USERS, "abcdefghij12345", "dee@example.com");

    assertThatThrownBy(() -> create(Collection.USERS, null, "DEE@example.com"))
        .isInstanceOfSatisfying(
            Problem.Taken.class, taken -> assertThat(taken.field()).isEqualTo("email"));
    create(Collection.SUPERUSERS, null, "dee@example.com");
    assertThatThrownBy(() -> create(Collection.SUPERUSERS, "abcdefghij12345", "e@example.com"))
        .isInstanceOfSatisfying(
            Problem.Taken.class, taken -> assertThat(taken.field()).isEqualTo("id"));
  }

  @Test
  void aChangeLeavesWhatItDoesNotName() {
    var first = create(Collection.USERS, null, "eli@example.com");
    var named = update(first, new AccountChange(null, null, null, "Eli"), KEEP);

    assertThat(named.name()).isEqualTo("Eli");
    assertThat(named.email()).isEqualTo(first.email());
    assertThat(named.passwordHash()).isEqualTo(first.passwordHash());
    assertThat(named.tokenKey()).isEqualTo(first.tokenKey());
    assertThat(named.created()).isEqualTo(first.created());

    var all = new AccountChange("Eli2@example.com", true, true, "");
    var changed = update(named, all, new AccountAsk.Renewal("h2", "k2", null));
    assertThat(changed.email()).isEqualTo("Eli2@example.com");
    assertThat(changed.emailVisibility()).isTrue();
    assertThat(changed.verified()).isTrue();
    assertThat(changed.name()).isEmpty();
    assertThat(changed.passwordHash()).isEqualTo("h2");
    assertThat(changed.tokenKey()).isEqualTo("k2");
    assertThat(store.ask(new AccountAsk.FindByEmail(Collection.USERS, "ELI2@example.com")))
        .contains(changed);
    assertThat(store.ask(new AccountAsk.FindByEmail(Collection.USERS, "eli@example.com")))
        .isEmpty();
  }

  @Test
  void aChangeUnderAnOldTokenKeyOrOfNobodyFindsNothing() {
    var account = create(Collection.USERS, null, "fay@example.com");
    var renewed = update(account, AccountChange.NOTHING, new AccountAsk.Renewal("h2", "k2", "k"));

    assertThat(renewed.tokenKey()).isEqualTo("k2");
    assertThatThrownBy(
            () -> update(account, AccountChange.NOTHING, new AccountAsk.Renewal("h3", "k3", "k")))
        .isInstanceOf(Problem.NotFound.class);
    assertThatThrownBy(() ->
            store.ask(
                new AccountAsk.Update(
                    Collection.SUPERUSERS, account.id(), AccountChange.NOTHING, KEEP)))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void anEmailOfSomebodyElseCannotBeTaken() {
    create(Collection.USERS, null, "gus@example.com");
    var account = create(Collection.USERS, null, "hal@example.com");
    var change = new AccountChange("GUS@example.com", null, null, null);
    assertThatThrownBy(() -> update(account, change, KEEP)).isInstanceOf(Problem.Taken.class);
  }

  @Test
  void usersAreDeletedAndTheLastSuperuserIsNot() {
    var user = create(Collection.USERS, null, "ida@example.com");
    assertThat(delete(Collection.SUPERUSERS, user.id())).isEqualTo(AccountAsk.Removal.MISSING);
    assertThat(delete(Collection.USERS, user.id())).isEqualTo(AccountAsk.Removal.DONE);
    assertThat(delete(Collection.USERS, user.id())).isEqualTo(AccountAsk.Removal.MISSING);

    var last = create(Collection.SUPERUSERS, null, "last@example.com");
    var other = create(Collection.SUPERUSERS, null, "other@example.com");
    assertThat(delete(Collection.SUPERUSERS, "nobody")).isEqualTo(AccountAsk.Removal.MISSING);
    assertThat(delete(Collection.SUPERUSERS, other.id())).isEqualTo(AccountAsk.Removal.DONE);
    assertThat(delete(Collection.SUPERUSERS, other.id())).isEqualTo(AccountAsk.Removal.MISSING);
    var all = new AccountQuery(Collection.SUPERUSERS, null, null, List.of(), 1, 99, false);
    store.ask(new AccountAsk.Search(all)).accounts().stream()
        .filter(account -> !account.equals(last))
        .forEach(account -> delete(Collection.SUPERUSERS, account.id()));
    assertThat(delete(Collection.SUPERUSERS, last.id()))
        .isEqualTo(AccountAsk.Removal.LAST_SUPERUSER);
    assertThat(store.ask(new AccountAsk.Count(Collection.SUPERUSERS))).isEqualTo(1);
  }

  @Test
  void aPageIsInOrderAndNarrowed() {
    var names = List.of("b", "a", "C");
    names.forEach(name ->
        store.ask(
            new AccountAsk.Create(
                new AccountDraft(
                    Collection.USERS, null, name + "@pages.example", false, name.equals("a"), name),
                "h",
                "k" + name)));
    assertThat(found(null, null, List.of())).isEqualTo("b a C of 3");
    var byName = List.of(new AccountQuery.Order(AccountField.NAME, false));
    assertThat(found(null, null, byName)).isEqualTo("C a b of 3");
    var down = List.of(new AccountQuery.Order(AccountField.NAME, true));
    assertThat(found(null, null, down)).isEqualTo("b a C of 3");
    assertThat(found("nobody", null, byName)).isEqualTo(" of 0");
    assertThat(found(null, new AccountFilter.Flag(AccountField.VERIFIED, true), byName))
        .isEqualTo("a of 1");
    var later =
        new AccountFilter.Time(
            AccountField.CREATED, AccountFilter.Comparison.GREATER, Instant.now().plusSeconds(99));
    assertThat(found(null, later, byName)).isEqualTo(" of 0");
  }

  private String found(
      @Nullable String onlyId, @Nullable AccountFilter filter, List<AccountQuery.Order> order) {
    var here = new AccountFilter.Like(AccountField.EMAIL, false, "%@PAGES.example");
    var narrowed = filter == null ? here : new AccountFilter.Both(here, filter);
    var query = new AccountQuery(Collection.USERS, onlyId, narrowed, order, 1, 10, true);
    var page = store.ask(new AccountAsk.Search(query));
    return page.accounts().stream().map(Account::name).collect(Collectors.joining(" "))
        + " of "
        + page.total();
  }

  private Account create(Collection collection, @Nullable String id, String email) {
    var draft = new AccountDraft(collection, id, email, false, false, "");
    return store.ask(new AccountAsk.Create(draft, "h", "k"));
  }

  private Account update(Account account, AccountChange change, AccountAsk.Renewal renewal) {
    return store.ask(new AccountAsk.Update(account.collection(), account.id(), change, renewal));
  }

  private AccountAsk.Removal delete(Collection collection, String id) {
    return store.ask(new AccountAsk.Delete(collection, id));
  }

  @Test
  void theFirstValueOfASettingIsKept() {
    assertThat(store.ask(new SettingAsk.Find("check"))).isEmpty();
    assertThat(text(store.ask(new SettingAsk.Keep("check", bytes("one"))))).isEqualTo("one");
    assertThat(text(store.ask(new SettingAsk.Keep("check", bytes("two"))))).isEqualTo("one");
    assertThat(text(store.ask(new SettingAsk.Put("check", bytes("three"))))).isEqualTo("three");
    assertThat(store.ask(new SettingAsk.Find("check")).map(AccountContract::text))
        .contains("three");
  }

  @Test
  void aDatabaseThatAnswersIsHealthy() {
    assertThat(store.ask(new StoreHealth())).isTrue();
  }

  private Account upsert(Collection collection, String email, String hash, String key) {
    return store.ask(new AccountAsk.Upsert(collection, email, hash, key));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

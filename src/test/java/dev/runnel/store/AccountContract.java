package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.SettingAsk;
import dev.runnel.bus.StoreHealth;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Accounts and settings. */
abstract class AccountContract extends StoreContract {

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
    var account = upsert(Collection.SUPERUSERS, "root@example.com", "h", "k");

    assertThat(account.verified()).isTrue();
    assertThat(store.ask(new AccountAsk.FindByEmail(Collection.USERS, "root@example.com")))
        .isEmpty();
    assertThat(store.ask(new AccountAsk.FindById(Collection.USERS, account.id()))).isEmpty();
    assertThat(store.ask(new AccountAsk.Count(Collection.SUPERUSERS))).isEqualTo(1);
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

  private dev.runnel.account.Account upsert(
      Collection collection, String email, String hash, String key) {
    return store.ask(new AccountAsk.Upsert(collection, email, hash, key));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

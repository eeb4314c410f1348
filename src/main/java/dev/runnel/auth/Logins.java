package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.bus.Accounts;
import dev.runnel.config.AccountOptions;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Passwords against accounts, throttled. Shared by all event loops. */
final class Logins {
  /** Checked when there is no such account, so that the answer takes as long as otherwise. */
  static final String NOBODYS_HASH = "$2a$10$Q5ZBqYCWXYJHrmwcoFvNT.Yw0rVn5e6UeA4T5OavxwWpbkWjBtQQS";

  private final Accounts accounts;
  private final Passwords passwords;
  private final AccountOptions options;
  private final Throttle throttle;
  private final VerifiedPairs verified;

  Logins(
      Accounts accounts,
      Passwords passwords,
      AccountOptions options,
      Throttle throttle,
      VerifiedPairs verified) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.options = options;
    this.throttle = throttle;
    this.verified = verified;
  }

  /** The account with this e-mail and password; fails with {@code Throttled}. */
  Future<Optional<Account>> login(
      Collection collection, String email, String password, String address) {
    throttle.check(address, email);
    return Lookup.soon(accounts.findByEmail(collection, email))
        .compose(found ->
            passwords.work(() -> {
              // Again: others may have failed while this one waited for a worker.
              throttle.check(address, email);
              var hash = found.map(Account::passwordHash).orElse(NOBODYS_HASH);
              var matches = Passwords.matches(password, hash);
              return judged(found.filter(_ -> matches), address, email);
            }));
  }

  /** Whether this is the account's password; wrong ones count as failed logins. */
  Future<Boolean> confirm(Account account, String password, String address) {
    throttle.check(address, account.email());
    return passwords.work(() -> {
      throttle.check(address, account.email());
      var matches = Passwords.matches(password, account.passwordHash());
      return judged(Optional.of(account).filter(_ -> matches), address, account.email())
          .isPresent();
    });
  }

  /** The superuser behind a Basic pair; fails with {@code Throttled}. */
  Future<Optional<Principal>> superuser(Credentials.Basic pair, String address) {
    throttle.check(address, pair.name());
    if (isConfiguredPair(pair)) {
      throttle.succeeded(address, pair.name());
      return Future.succeededFuture(
          Optional.of(new Principal.Superuser(pair.name(), Principal.Credential.BASIC)));
    }
    if (pair.name().indexOf('@') < 0) {
      throttle.failed(address, pair.name());
      return Future.succeededFuture(Optional.empty());
    }
    return Lookup.soon(accounts.findByEmail(Collection.SUPERUSERS, pair.name()))
        .compose(found -> verified(found, pair, address))
        .map(account ->
            account.map(found -> new Principal.Superuser(found.id(), Principal.Credential.BASIC)));
  }

  private Future<Optional<Account>> verified(
      Optional<Account> found, Credentials.Basic pair, String address) {
    var hash = found.map(Account::passwordHash).orElse(NOBODYS_HASH);
    var key = verified.pair(pair.password(), hash);
    if (found.isPresent() && verified.hold(key)) {
      return Future.succeededFuture(found);
    }
    return passwords.work(() -> {
      if (found.isPresent() && verified.hold(key)) {
        return found;
      }
      throttle.check(address, pair.name());
      var matches = Passwords.matches(pair.password(), hash);
      var account = judged(found.filter(_ -> matches), address, pair.name());
      account.ifPresent(_ -> verified.remember(key));
      return account;
    });
  }

  private Optional<Account> judged(Optional<Account> account, String address, String identity) {
    if (account.isPresent()) {
      throttle.succeeded(address, identity);
    } else {
      throttle.failed(address, identity);
    }
    return account;
  }

  private boolean isConfiguredPair(Credentials.Basic pair) {
    var name = options.adminUsername();
    var password = options.adminPassword();
    // As one text: nothing tells which of the two was wrong.
    return name != null
        && password != null
        && equal(name + ":" + password, pair.name() + ":" + pair.password());
  }

  private boolean equal(String expected, String given) {
    // Over keyed hashes of one length: the time says nothing about how much is right.
    return MessageDigest.isEqual(
        verified.pair(expected, "").getBytes(StandardCharsets.US_ASCII),
        verified.pair(given, "").getBytes(StandardCharsets.US_ASCII));
  }
}

package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.bus.Accounts;
import dev.runnel.config.AccountOptions;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recognises callers. One for the whole service: event loops share its counts and caches.
 *
 * <p>A token is checked against the database at each request, so a changed password ends it at the
 * next one; that costs one index probe, shared by those who come at the same time. Only while the
 * database is away an account that was seen within the last 60 s is believed.
 */
public final class Access {
  private final Accounts accounts;
  private final AccountOptions options;
  private final Tokens tokens;
  private final Logins logins;
  private final KnownAccounts known;
  private final Members members;

  /**
   * A recogniser of these accounts' credentials and of the configured Basic pair.
   *
   * @param signingKey signs tokens
   */
  public Access(
      Vertx vertx,
      AccountOptions options,
      Accounts accounts,
      Passwords passwords,
      byte[] signingKey,
      InstantSource clock) {
    this.accounts = accounts;
    this.options = options;
    this.tokens = new Tokens(vertx, signingKey, clock);
    this.known = new KnownAccounts(clock);
    this.logins =
        new Logins(accounts, passwords, options, new Throttle(clock), new VerifiedPairs(clock));
    this.members = new Members(accounts, passwords, known);
  }

  /** The accounts that are recognised. */
  public Members members() {
    return members;
  }

  /** Signs with another key from now on; tokens given out before are void, logins stay. */
  public void signWith(byte[] signingKey) {
    tokens.signWith(signingKey);
  }

  /** An account with a token of its own. */
  public record Session(Account account, String token) {}

  /**
   * Who that is; credentials that do not hold are a guest's. Fails with {@code Unavailable} when
   * the database is away and would have to be asked, with {@code Throttled} after too many wrong
   * Basic pairs.
   *
   * @param address of the caller, for throttling
   */
  public Future<Caller> recognise(Credentials credentials, String address) {
    return switch (credentials) {
      case Credentials.None _, Credentials.UnreadableBasic _ ->
          Future.succeededFuture(Caller.guest(credentials));
      case Credentials.Token token ->
          tokens
              .read(token.text())
              .compose(claims ->
                  claims.map(this::holder).orElse(Future.succeededFuture(Optional.empty())))
              .map(holder -> caller(holder, credentials));
      case Credentials.Basic pair ->
          Future.succeededFuture(pair)
              .compose(given -> logins.superuser(given, address))
              .map(holder -> caller(holder, credentials));
    };
  }

  /**
   * A session for this e-mail and password, empty when they do not belong together. Fails with
   * {@code Throttled}, {@code Unavailable}.
   */
  public Future<Optional<Session>> login(
      Collection collection, String email, String password, String address) {
    return Future.succeededFuture(email)
        .compose(given -> logins.login(collection, given, password, address))
        .map(found -> found.map(this::session));
  }

  /**
   * A session with a new token for one that holds; one that may not be refreshed stays the same.
   * Empty for other credentials. Fails with {@code Unavailable}: nobody is believed here.
   */
  public Future<Optional<Session>> refresh(Credentials credentials) {
    return credentials instanceof Credentials.Token(var text, _)
        ? tokens
            .read(text)
            .compose(claims ->
                claims
                    .map(ours -> refreshed(ours, text))
                    .orElse(Future.succeededFuture(Optional.empty())))
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Optional<Session>> refreshed(Tokens.Claims claims, String text) {
    return Lookup.soon(accounts.find(claims.collection(), claims.id()))
        .map(found ->
            found
                .filter(claims::areOf)
                .map(account ->
                    claims.isRefreshable() ? session(account) : new Session(account, text)));
  }

  /**
   * Whether this is the account's password; wrong ones count as failed logins. Fails with {@code
   * Throttled}, {@code Unavailable}.
   */
  public Future<Boolean> confirm(Account account, String password, String address) {
    return Future.succeededFuture(account)
        .compose(given -> logins.confirm(given, password, address));
  }

  private Session session(Account account) {
    known.remember(account);
    return new Session(account, tokenFor(account));
  }

  /** A new token of this account, valid as long as the options say. */
  public String tokenFor(Account account) {
    return tokens.issue(account, life(account.collection()), true);
  }

  /**
   * A session of this account for somebody else. Its token cannot be refreshed.
   *
   * @param life null: as long as a login's
   */
  public Session impersonate(Account account, @Nullable Duration life) {
    var lasting = life == null ? life(account.collection()) : life;
    return new Session(account, tokens.issue(account, lasting, false));
  }

  private Duration life(Collection collection) {
    return switch (collection) {
      case SUPERUSERS -> options.superuserTokenLife();
      case USERS -> options.userTokenLife();
    };
  }

  private Future<Optional<Principal>> holder(Tokens.Claims claims) {
    return Lookup.soon(accounts.find(claims.collection(), claims.id()))
        .onSuccess(found -> {
          found.ifPresent(known::remember);
          if (found.isEmpty()) {
            known.forget(claims.collection(), claims.id());
          }
        })
        .recover(away -> remembered(claims, away))
        .map(found -> found.filter(claims::areOf).map(Access::principal));
  }

  private Future<Optional<Account>> remembered(Tokens.Claims claims, Throwable away) {
    var account =
        away instanceof Problem.Unavailable
            ? known.recall(claims.collection(), claims.id())
            : Optional.<Account>empty();
    return account.isPresent() ? Future.succeededFuture(account) : Future.failedFuture(away);
  }

  private static Caller caller(Optional<Principal> holder, Credentials credentials) {
    return new Caller(holder.orElse(new Principal.Guest()), credentials);
  }

  private static Principal principal(Account account) {
    return switch (account.collection()) {
      case SUPERUSERS -> new Principal.Superuser(account.id(), Principal.Credential.TOKEN);
      case USERS -> new Principal.User(account.id());
    };
  }
}

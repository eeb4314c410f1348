package dev.runnel.auth;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes and reads the tokens of accounts: JWTs, HS256, bound to the account's token key. */
public final class Tokens {
  /**
   * Clients decode the payload with {@code atob}, which knows neither {@code -} nor {@code _}.
   * Neither can occur while every claim is ASCII without {@code > ? ~}.
   */
  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9-]+");

  private final Vertx vertx;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private volatile JWTAuth jwt;

  /** {@code key} signs; whoever has it can be anybody. */
  public Tokens(Vertx vertx, byte[] key, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.jwt = signedWith(vertx, key);
  }

  /** Signs with another key from now on; what the one before it has signed is void. */
  void signWith(byte[] key) {
    jwt = signedWith(vertx, key);
  }

  private static JWTAuth signedWith(Vertx vertx, byte[] key) {
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(key))));
  }

  /** What a token of ours says; whether its account still has that key is for the caller. */
  record Claims(Collection collection, String id, String keyMark, boolean isRefreshable) {

    boolean areOf(Account account) {
      return account.collection() == collection
          && account.id().equals(id)
          && MessageDigest.isEqual(
              keyMark.getBytes(StandardCharsets.US_ASCII),
              mark(account.tokenKey()).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * A token of this account that is valid for {@code life}, to the second; never the same twice.
   *
   * @param refreshable whether it may be changed for a newer one
   */
  public String issue(Account account, Duration life, boolean refreshable) {
    if (!SAFE_ID.matcher(account.id()).matches()) {
      throw new IllegalArgumentException("An account id that tokens cannot carry: " + account);
    }
    return jwt.generateToken(
        new JsonObject()
            .put("id", account.id())
            .put("type", "auth")
            .put("collectionId", account.collection().wireId())
            .put("refreshable", refreshable)
            .put("exp", clock.instant().plus(life).getEpochSecond())
            .put("key", mark(account.tokenKey()))
            .put("jti", HexFormat.of().toHexDigits(random.nextLong())),
        new JWTOptions().setNoTimestamp(true).setAlgorithm("HS256"));
  }

  /** What the token says; empty when it is not ours, damaged or expired. */
  Future<Optional<Claims>> read(String token) {
    return jwt.authenticate(new TokenCredentials(token))
        .map(user -> claims(user.attributes().getJsonObject("accessToken")))
        .otherwise(Optional.empty());
  }

  private Optional<Claims> claims(JsonObject payload) {
    if (payload.getValue("id") instanceof String id
        && payload.getValue("collectionId") instanceof String collectionId
        && payload.getValue("key") instanceof String keyMark
        && payload.getValue("exp") instanceof Number exp
        && "auth".equals(payload.getValue("type"))
        && exp.longValue() > clock.instant().getEpochSecond()) {
      var refreshable = payload.getValue("refreshable") instanceof Boolean may && may;
      return Collection.of(collectionId).map(found -> new Claims(found, id, keyMark, refreshable));
    }
    return Optional.empty();
  }

  /** Enough of a hash of the key to notice another one; says nothing about the key itself. */
  private static String mark(String tokenKey) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(tokenKey.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }
}

package dev.runnel.http;

import dev.runnel.account.Principal;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Credentials;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.SubmitKey;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, recognised and read, as a handler sees it. */
public final class Call {
  static final String KEY = "Idempotency-Key";

  private final HttpServerRequest request;
  private final String requestId;
  private final Caller caller;
  private final Map<String, String> path;
  private final MultiMap query;
  private final Future<Void> gone;
  private Body body = Body.EMPTY;
  private @Nullable BodyReader arriving;
  private long patienceMillis;

  Call(
      HttpServerRequest request,
      String requestId,
      Caller caller,
      Map<String, String> path,
      MultiMap query,
      Future<Void> gone) {
    this.request = request;
    this.requestId = requestId;
    this.caller = caller;
    this.path = path;
    this.query = query;
    this.gone = gone;
  }

  /** The body has been read. */
  void has(Body read) {
    body = read;
  }

  /** The body is for the handler to take. */
  void arrives(BodyReader reader, long patience) {
    arriving = reader;
    patienceMillis = patience;
  }

  /** A HEAD request: the answer's body will not be sent. */
  public boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Names this request in the log; the answer carries it. */
  public String requestId() {
    return requestId;
  }

  public Principal principal() {
    return caller.principal();
  }

  /** What the caller presented; belongs to {@link #principal} unless that is a guest. */
  public Credentials credentials() {
    return caller.credentials();
  }

  /** A parameter of the route's path, decoded. */
  public String path(String name) {
    var value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The route has no parameter " + name);
    }
    return value;
  }

  /** The first value of this name in the query, null when there is none or it is empty. */
  public @Nullable String query(String name) {
    var values = queryAll(name);
    return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
  }

  /** Every value of this name in the query, in order; none holds a NUL. */
  public List<String> queryAll(String name) {
    return query.getAll(name);
  }

  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  /** Every header of this name, in order. */
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  /**
   * The body's fields; none when it is empty. Fails with {@code BadBody} for one that is not what
   * it says, or of a type that the dialect does not take.
   */
  public Fields body() {
    return body.fields();
  }

  /** The body's fields; none also when it is no object or does not say so. */
  public Fields bodyIfJson() {
    return body.fieldsOrNone();
  }

  /**
   * Takes the body while it arrives, piece by piece; only in a route that streams. Fails with what
   * {@code taker} fails with, with {@code TooLarge} (before anything is taken when the length is
   * announced), with {@code TooSlow}, and when the caller goes.
   *
   * @param limit in bytes, of the whole body
   */
  public Future<Void> eachPiece(long limit, BodyTaker taker) {
    if (arriving == null) {
      throw new IllegalStateException("The body of this route has been read");
    }
    return arriving.each(limit, patienceMillis, taker);
  }

  /** The address that the connection comes from. */
  public String ip() {
    return address(request);
  }

  /** Completes when the caller goes away before it has its answer, else never. */
  public Future<Void> gone() {
    return gone;
  }

  /**
   * For a GET that starts something: refuses one that another site made a browser send, with
   * credentials that browsers add by themselves.
   */
  public void checkSameSite() {
    SameSite.checkChange(request, caller.credentials());
  }

  /** Fails with {@code NoUpgrade} unless this is one. */
  void checkUpgrade() {
    if (!Handshake.isOne(request)) {
      throw new Refused(new Refusal.NoUpgrade());
    }
  }

  /**
   * What makes this start the same as another one; empty when the caller did not name it. Fails
   * with {@code Invalid} when the name is none.
   *
   * @param input digest of what is asked for, where that is not the body
   */
  Optional<SubmitKey> submitKey(@Nullable String input) {
    var given = headers(KEY);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    var key = given.getFirst();
    if (given.size() > 1
        || key.isEmpty()
        || key.length() > SubmitKey.MAX_LENGTH
        || key.chars().anyMatch(Character::isISOControl)) {
      throw new Problem.Invalid(
          KEY, KEY + " must be one text of 1 to " + SubmitKey.MAX_LENGTH + " printable characters");
    }
    var route = request.method() + " " + request.path();
    return Optional.of(
        new SubmitKey(callerName(), route, key, input == null ? body.digest() : input));
  }

  /** Whose keys these are; guests are told apart by where they come from. */
  private String callerName() {
    return switch (principal()) {
      case Principal.Guest _ -> "guest " + ip();
      case Principal.User(var id) -> "user " + id;
      case Principal.Superuser(var id, _) -> "superuser " + id;
    };
  }

  /** Who starts something and how, for its record. */
  public Meta meta(Door door) {
    var actor = principal().actorId();
    return new Meta(
        actorType(), actor.isEmpty() ? null : actor, door.wire(), ip(), agent(), requestId);
  }

  static String address(HttpServerRequest request) {
    var remote = request.remoteAddress();
    var host = remote == null ? null : remote.hostAddress();
    return host == null ? "unknown" : host;
  }

  private @Nullable String agent() {
    var given = header("User-Agent");
    return given == null || given.length() <= 300 ? given : given.substring(0, 300);
  }

  private String actorType() {
    return switch (principal()) {
      case Principal.Guest _ -> "guest";
      case Principal.User _, Principal.Superuser _ ->
          caller.credentials() instanceof Credentials.Basic ? "basicAuth" : "token";
    };
  }
}

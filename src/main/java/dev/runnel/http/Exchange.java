package dev.runnel.http;

import dev.runnel.auth.Access;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Credentials;
import dev.runnel.http.form.FormFields;
import dev.runnel.http.form.MalformedForm;
import dev.runnel.http.form.UrlEncodedForm;
import dev.runnel.problem.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of one request through the house: route, caller, body, handler, answer. */
final class Exchange {
  static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  /** Longer bodies are parsed on a worker thread. */
  private static final int PARSED_AT_ONCE = 64 * 1024;

  private static final Duration STOPPING_RETRY = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final RouteTable table;
  private final Access access;
  private final Intake intake;
  private final AnswerWriter writer;
  private final Upgrades upgrades;
  private final long patienceMillis;

  Exchange(
      Vertx vertx,
      RouteTable table,
      Access access,
      Intake intake,
      AnswerWriter writer,
      Upgrades upgrades,
      long patienceMillis) {
    this.vertx = vertx;
    this.table = table;
    this.access = access;
    this.intake = intake;
    this.writer = writer;
    this.upgrades = upgrades;
    this.patienceMillis = patienceMillis;
  }

  void handle(HttpServerRequest request) {
    var requestId = RequestId.of(request.getHeader("X-Request-Id"));
    var match = match(request);
    var gone = Promise.<Void>promise();
    var body = new BodyReader(vertx, request, gone.future());
    request.response().closeHandler(_ -> gone.tryComplete());
    request.response().exceptionHandler(_ -> gone.tryComplete());
    var cors = match.dialect().manners().cors();
    if (request.method().equals(HttpMethod.OPTIONS) && !cors.isClosed()) {
      write(request, match.dialect(), requestId, cors.preflight(request));
      body.discard();
      return;
    }
    Future.succeededFuture(match)
        .compose(found -> answer(request, requestId, found, body, gone.future()))
        .otherwise(failure -> match.dialect().errors().of(requestId, failure))
        .onSuccess(answer -> {
          if (answer instanceof Answer.Upgrade upgrade) {
            upgrades.begin(request, match.dialect(), requestId, upgrade, gone);
          } else {
            write(request, match.dialect(), requestId, answer);
            body.discard();
          }
        });
  }

  /** What came is no request; nothing that follows on its connection can be understood. */
  void refuse(HttpServerRequest request) {
    var refusal =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException _ ->
              new Refusal.BadRequest(414, "the first line of the request is too long");
          case TooLongHttpHeaderException _ ->
              new Refusal.BadRequest(431, "the headers of the request are too long");
          case null, default -> new Refusal.BadRequest(400, "this is no HTTP request");
        };
    var dialect = match(request).dialect();
    write(request, dialect, RequestId.of(null), dialect.errors().of(refusal));
  }

  private RouteTable.Match match(HttpServerRequest request) {
    return table.match(request.method(), request.path() == null ? "" : request.path());
  }

  private Future<Answer> answer(
      HttpServerRequest request,
      String requestId,
      RouteTable.Match match,
      BodyReader body,
      Future<Void> gone) {
    var found =
        switch (match) {
          case RouteTable.Found route -> route;
          case RouteTable.Missing(_, var allowed) ->
              throw new Refused(new Refusal.NoRoute(allowed));
        };
    if (!intake.isOpen() && !found.route().alwaysOn()) {
      throw new Problem.Unavailable("The service is stopping", STOPPING_RETRY);
    }
    var path = decoded(found.encoded());
    var query = query(request);
    return recognised(request, query, found.route())
        .compose(caller -> {
          SameSite.check(request, caller.credentials());
          if (!caller.principal().has(found.route().role())) {
            throw new Refused(new Refusal.Denied(found.route().role(), caller));
          }
          var call = new Call(request, requestId, caller, path, query, gone);
          if (found.route().streams()) {
            call.arrives(body, patienceMillis);
            return found.route().handler().answer(call);
          }
          return body(request, body, found.dialect())
              .compose(read -> {
                call.has(read);
                return found.route().handler().answer(call);
              });
        });
  }

  private Future<Caller> recognised(HttpServerRequest request, MultiMap query, Route route) {
    var credentials =
        Credentials.of(request.getHeader("Authorization"), query.get("token"), cookie(request));
    var caller = access.recognise(credentials, Call.address(request));
    return route.alwaysOn()
        ? caller.recover(_ -> Future.succeededFuture(Caller.guest(credentials)))
        : caller;
  }

  private Future<Body> body(HttpServerRequest request, BodyReader reader, Dialect dialect) {
    if (!WITH_BODY.contains(request.method())) {
      return Future.succeededFuture(Body.EMPTY);
    }
    return reader
        .read(dialect.bodyLimit(), patienceMillis)
        .compose(bytes -> {
          var type = request.getHeader("Content-Type");
          var keyed = request.headers().contains(Call.KEY);
          return bytes.length() <= PARSED_AT_ONCE
              ? Future.succeededFuture(Body.parsed(dialect.bodies(), type, bytes, keyed))
              : vertx.executeBlocking(
                  () -> Body.parsed(dialect.bodies(), type, bytes, keyed), false);
        });
  }

  private void write(HttpServerRequest request, Dialect dialect, String requestId, Answer answer) {
    try {
      writer.write(request, dialect, requestId, answer);
    } catch (RuntimeException failure) {
      writer.write(request, dialect, requestId, dialect.errors().of(requestId, failure));
    }
  }

  private static Map<String, String> decoded(Map<String, String> encoded) {
    var decoded = new HashMap<>(encoded);
    decoded.replaceAll((_, segment) -> PathSegment.decoded(segment));
    return decoded;
  }

  /** Strictly: what is not understood does not become another text. */
  private static MultiMap query(HttpServerRequest request) {
    var query = MultiMap.caseInsensitiveMultiMap();
    var given = request.query();
    if (given == null) {
      return query;
    }
    try {
      // One character for each byte that came, also for those that should be escaped.
      for (var field : UrlEncodedForm.fields(given.getBytes(StandardCharsets.ISO_8859_1))) {
        query.add(field.name(), field.value());
      }
      return query;
    } catch (MalformedForm malformed) {
      throw new Refused(
          new Refusal.BadUrl(
              "the query holds a broken escape or a NUL, is not UTF-8 or has more than "
                  + FormFields.MAX_FIELDS
                  + " fields"));
    }
  }

  private static @Nullable String cookie(HttpServerRequest request) {
    return request.getHeader("Cookie") == null
        ? null
        : Optional.ofNullable(request.getCookie("pb_auth")).map(Cookie::getValue).orElse(null);
  }
}

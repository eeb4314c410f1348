package dev.runnel.http.bosbase;

import static dev.runnel.account.Role.GUEST;
import static dev.runnel.account.Role.SUPERUSER;
import static dev.runnel.account.Role.USER;

import dev.runnel.account.Collection;
import dev.runnel.account.Principal;
import dev.runnel.auth.Access;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** {@code /api/collections/…}: a token for a password, for an older token, for somebody else. */
final class LoginRoutes {
  private static final int MAX_CHARACTERS = 255;

  /** A hundred years, in seconds. */
  private static final long MAX_IMPERSONATION = Duration.ofDays(36_525).toSeconds();

  private static final Refuse.FieldError TOO_LONG =
      new Refuse.FieldError(
          "validation_length_out_of_range", "The length must be between 1 and 255.");
  private static final Refuse.FieldError NEGATIVE =
      new Refuse.FieldError(
          "validation_min_greater_equal_than_required", "Must be no less than 0.");
  private static final Refuse.FieldError A_LIFE =
      new Refuse.FieldError(
          "validation_max_less_equal_than_required",
          "Must be no greater than " + MAX_IMPERSONATION + ".");

  private final Access access;

  private LoginRoutes(Access access) {
    this.access = access;
  }

  static void mount(Routes routes, Access access) {
    var here = new LoginRoutes(access);
    routes.get("/api/collections/:collection/auth-methods", GUEST, here::methods);
    routes.post("/api/collections/:collection/auth-with-password", GUEST, here::login);
    routes.post("/api/collections/:collection/auth-refresh", USER, here::refresh);
    routes.post("/api/collections/:collection/impersonate/:id", SUPERUSER, here::impersonate);
  }

  record Session(AccountWire record, String token) {
    static Answer answer(Access.Session session) {
      return Answer.ok(new Session(AccountWire.of(session.account()), session.token()));
    }
  }

  record Methods(ByPassword password, ByProvider oauth2, Never mfa, Never otp) {}

  record ByPassword(List<String> identityFields, boolean enabled) {}

  record ByProvider(List<String> providers, boolean enabled) {}

  record Never(boolean enabled, int duration) {}

  private Future<Answer> methods(Call call) {
    CollectionPath.of(call);
    var never = new Never(false, 0);
    return Future.succeededFuture(
        Answer.ok(
            new Methods(
                new ByPassword(List.of("email"), true),
                new ByProvider(List.of(), false),
                never,
                never)));
  }

  private Future<Answer> login(Call call) {
    var collection = CollectionPath.of(call);
    var body = call.body();
    var identity = body.text("identity", "");
    var password = body.text("password", "");
    check(identity, password, body.text("identityField", ""));
    return access
        .login(collection, identity, password, call.ip())
        .map(found -> Session.answer(found.orElseThrow(Refuse::wrongCredentials)));
  }

  private Future<Answer> refresh(Call call) {
    var collection = CollectionPath.of(call);
    if (collection != collectionOf(call.principal())) {
      throw Refuse.forbidden(
          "The request requires auth record from " + collection.wireName() + " collection.");
    }
    return access
        .refresh(call.credentials())
        .map(found ->
            Session.answer(found.orElseThrow(() -> Refuse.unauthorized(Errors.TOKEN_REQUIRED))));
  }

  private Future<Answer> impersonate(Call call) {
    var collection = CollectionPath.of(call);
    var given = call.body().integer("duration");
    var seconds = given == null ? 0 : given;
    var wrong =
        new FieldErrors()
            .addIf(seconds < 0, "duration", NEGATIVE)
            .addIf(seconds > MAX_IMPERSONATION, "duration", A_LIFE);
    wrong.refuse(Refuse.VALIDATING);
    var life = seconds == 0 ? null : Duration.ofSeconds(seconds);
    return access
        .members()
        .get(collection, call.path("id"))
        .map(account -> Session.answer(access.impersonate(account, life)));
  }

  private static Collection collectionOf(Principal principal) {
    return switch (principal) {
      case Principal.Guest _ -> throw Refuse.unauthorized(Errors.TOKEN_REQUIRED);
      case Principal.User _ -> Collection.USERS;
      case Principal.Superuser _ -> Collection.SUPERUSERS;
    };
  }

  private static void check(String identity, String password, String identityField) {
    var wrong = new FieldErrors();
    checkLength("identity", identity, wrong);
    checkLength("password", password, wrong);
    wrong
        .addIf(
            !identityField.isEmpty() && !identityField.equals("email"),
            "identityField",
            FieldErrors.NOT_ALLOWED)
        .refuse(Refuse.VALIDATING);
  }

  private static void checkLength(String field, String text, FieldErrors wrong) {
    wrong
        .addIf(text.isEmpty(), field, FieldErrors.BLANK)
        .addIf(text.codePointCount(0, text.length()) > MAX_CHARACTERS, field, TOO_LONG);
  }
}

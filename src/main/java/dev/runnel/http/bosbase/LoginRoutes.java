package dev.runnel.http.bosbase;

import dev.runnel.account.Collection;
import dev.runnel.account.Role;
import dev.runnel.auth.Access;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /api/collections/…/auth-with-password}: a token for a password. */
final class LoginRoutes {
  private static final int MAX_CHARACTERS = 255;
  private static final Refuse.FieldError BLANK =
      new Refuse.FieldError("validation_required", "Cannot be blank.");
  private static final Refuse.FieldError TOO_LONG =
      new Refuse.FieldError(
          "validation_length_out_of_range", "The length must be between 1 and 255.");
  private static final Refuse.FieldError NOT_ALLOWED =
      new Refuse.FieldError("validation_in_invalid", "Must be a valid value.");

  private final Access access;

  private LoginRoutes(Access access) {
    this.access = access;
  }

  static void mount(Routes routes, Access access) {
    var here = new LoginRoutes(access);
    routes.post("/api/collections/:collection/auth-with-password", Role.GUEST, here::login);
  }

  record Session(AccountWire record, String token) {}

  private Future<Answer> login(Call call) {
    var name = call.path("collection");
    var collection =
        Collection.of(name).orElseThrow(() -> new Problem.NotFound(Problem.Kind.COLLECTION, name));
    var body = call.body();
    var identity = body.text("identity", "");
    var password = body.text("password", "");
    check(identity, password, body.text("identityField", ""));
    return access
        .login(collection, identity, password, call.ip())
        .map(found -> found.orElseThrow(Refuse::wrongCredentials))
        .map(session -> Answer.ok(new Session(AccountWire.of(session.account()), session.token())));
  }

  private static void check(String identity, String password, String identityField) {
    var wrong = new LinkedHashMap<String, Refuse.FieldError>();
    checkLength("identity", identity, wrong);
    checkLength("password", password, wrong);
    if (!identityField.isEmpty() && !identityField.equals("email")) {
      wrong.put("identityField", NOT_ALLOWED);
    }
    if (!wrong.isEmpty()) {
      throw Refuse.validation(wrong);
    }
  }

  private static void checkLength(String field, String text, Map<String, Refuse.FieldError> wrong) {
    if (text.isEmpty()) {
      wrong.put(field, BLANK);
    } else if (text.codePointCount(0, text.length()) > MAX_CHARACTERS) {
      wrong.put(field, TOO_LONG);
    }
  }
}

package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** A token for a password, and what a token opens; also who is healthy. */
class LoginRoutesTest extends HttpScenarios {
  private static final String VALIDATING = "An error occurred while validating the submitted data.";

  private static String login(String identity, String password) {
    return "{\"identity\":\"" + identity + "\",\"password\":\"" + password + "\"}";
  }

  {
    var right = login("ROOT@example.com", "correct:horse battery");
    route("POST", "/api/collections/_superusers/auth-with-password")
        .as(GUEST)
        .body(right)
        .expect(200)
        .json("/record/collectionName", "_superusers")
        .json("/record/collectionId", "pbc_3142635823")
        .json("/record/email", "root@example.com")
        .json("/record/verified", true)
        .excludes("password", "tokenKey", "avatar")
        .keep("token", "token")
        .as(GUEST)
        .body(login("root@example.com", "wrong"))
        .expect(400)
        .json("message", "Failed to authenticate.")
        .jsonText("data", "{}")
        .as(GUEST)
        .body(login("nobody@example.com", "wrong"))
        .expect(400)
        .json("message", "Failed to authenticate.")
        .as(GUEST)
        .body(login("user@example.com", "correct:horse battery"))
        .expect(400)
        .as(GUEST)
        .body("")
        .expect(400)
        .json("message", VALIDATING)
        .json("/data/identity/code", "validation_required")
        .json("/data/password/message", "Cannot be blank.")
        .as(GUEST)
        .body("{\"identity\":\"a\",\"password\":\"b\",\"identityField\":\"phone\"}")
        .expect(400)
        .json("/data/identityField/code", "validation_in_invalid")
        .as(GUEST)
        .body(login("a", "x".repeat(256)))
        .expect(400)
        .json("message", VALIDATING)
        .as(GUEST)
        .body(login("a", "x".repeat(255)))
        .expect(400)
        .json("message", "Failed to authenticate.")
        .as(GUEST)
        .body("{\"identity\":1,\"password\":\"b\"}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(GUEST)
        .body("{")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .header("Origin", "https://elsewhere.example")
        .body(right)
        .expect(200);
    route("POST", "/api/collections/pbc_3142635823/auth-with-password")
        .as(GUEST)
        .body(right)
        .expect(200);
    route("POST", "/api/collections/users/auth-with-password")
        .as(GUEST)
        .body(login("user@example.com", "correct:horse battery"))
        .expect(200)
        .json("/record/avatar", "");
    route("POST", "/api/collections/nothing/auth-with-password")
        .as(GUEST)
        .body(right)
        .expect(404)
        .json("message", "Missing or invalid collection context.");

    route("POST", "/api/collections/_superusers/auth-with-password")
        .as(GUEST)
        .body("{\"identity\":\"a\",\"password\":\"nul \\u0000\"}")
        .expect(400)
        .json("message", Errors.LOADING);
    refreshed();
    impersonated();
    methods();

    route("GET", "/api/scripts")
        .as(GUEST)
        .header("Authorization", "{token}")
        .expect(200)
        .as(GUEST)
        .header("Authorization", "Bearer {token}")
        .expect(200)
        .as(GUEST)
        .header("Authorization", "{token}x")
        .expect(401)
        .as(GUEST)
        .header("Authorization", "bearer {token}")
        .expect(401)
        .as(GUEST)
        .header("Cookie", "other=1; pb_auth=%7B%22token%22%3A%22{token}%22%7D")
        .expect(200);
    route("GET", "/api/scripts?token={token}")
        .as(GUEST)
        .expect(200)
        .as(GUEST)
        .header("Authorization", "bad")
        .expect(401);
    route("GET", "/api/scripts")
        .as(GUEST)
        .header("Cookie", "pb_auth=%7B%22token%22%3A%22nonsense%22%7D")
        .expect(401);
    route("POST", "/api/collections/_superusers/auth-with-password")
        .as(GUEST)
        .header("Cookie", "pb_auth=%7B%22token%22%3A%22nonsense%22%7D")
        .header("Origin", "https://elsewhere.example")
        .body(right)
        .expect(403)
        .as(GUEST)
        .header("Cookie", "pb_auth=%7B%22token%22%3A%22nonsense%22%7D")
        .header("Sec-Fetch-Site", "cross-site")
        .body(right)
        .expect(403);

    route("GET", "/api/health")
        .as(GUEST)
        .expect(200)
        .json("code", 200)
        .json("message", "API is healthy.")
        .jsonText("data", "{}")
        .as(SUPERUSER)
        .expect(200)
        .json("/data/canBackup", false)
        .json("/data/realIP", "127.0.0.1")
        .json("/data/requireS3", false)
        .json("/data/possibleProxyHeader", "")
        .as(SUPERUSER)
        .header("X-Forwarded-For", "10.1.2.3")
        .expect(200)
        .json("/data/realIP", "127.0.0.1")
        .json("/data/possibleProxyHeader", "X-Forwarded-For")
        .as(USER)
        .expect(200)
        .jsonText("data", "{}");
    route("HEAD", "/api/health").as(GUEST).expect(200);
    route("GET", "/api/health/live").as(GUEST).expect(200);
    route("POST", "/api/health").as(GUEST).expect(404);
  }

  private void refreshed() {
    route("POST", "/api/collections/_superusers/auth-refresh")
        .as(GUEST)
        .expect(401)
        .json("message", Errors.TOKEN_REQUIRED)
        .as(USER)
        .expect(403)
        .json("message", "The request requires auth record from _superusers collection.")
        .as(BASIC)
        .expect(401)
        .as(GUEST)
        .header("Authorization", "{token}")
        .expect(200)
        .json("/record/email", "root@example.com")
        .keep("newer", "token")
        .as(GUEST)
        .header("Authorization", "Bearer {newer}")
        .expect(200)
        .as(GUEST)
        .header("Cookie", "pb_auth=%7B%22token%22%3A%22{newer}%22%7D")
        .expect(200)
        .as(GUEST)
        .header("Cookie", "pb_auth=%7B%22token%22%3A%22{newer}%22%7D")
        .header("Origin", "https://elsewhere.example")
        .expect(403);
    route("POST", "/api/collections/users/auth-refresh")
        .as(SUPERUSER)
        .expect(403)
        .json("message", "The request requires auth record from users collection.")
        .as(USER)
        .body("ignored, also when it is no JSON")
        .expect(200)
        .json("/record/email", "user@example.com")
        .keep("user", "/record/id");
    route("POST", "/api/collections/_pb_users_auth_/auth-refresh").as(USER).expect(200);
    route("POST", "/api/collections/nothing/auth-refresh")
        .as(USER)
        .expect(404)
        .json("message", "Missing or invalid collection context.");
  }

  private void impersonated() {
    route("POST", "/api/collections/users/impersonate/{user}")
        .as(GUEST)
        .expect(401)
        .json("message", Errors.TOKEN_REQUIRED)
        .as(USER)
        .expect(403)
        .json("message", "The authorized record is not allowed to perform this action.")
        .as(SUPERUSER)
        .expect(200)
        .as(SUPERUSER)
        .body("{\"duration\":60}")
        .expect(200)
        .json("/record/email", "user@example.com")
        .keep("lent", "token")
        .as(SUPERUSER)
        .body("{\"duration\":-1}")
        .expect(400)
        .json("message", VALIDATING)
        .json("/data/duration/code", "validation_min_greater_equal_than_required")
        .as(SUPERUSER)
        .body("{\"duration\":9007199254740993}")
        .expect(400)
        .json("/data/duration/code", "validation_max_less_equal_than_required")
        .as(SUPERUSER)
        .body("{\"duration\":\"long\"}")
        .expect(400)
        .json("message", Errors.LOADING);
    route("POST", "/api/collections/users/auth-refresh")
        .as(GUEST)
        .header("Authorization", "{lent}")
        .expect(200)
        .json("token", "{lent}");
    route("POST", "/api/collections/users/impersonate/nobody")
        .as(SUPERUSER)
        .body("{\"duration\":60}")
        .expect(404)
        .json("message", "The requested resource wasn't found.");
    route("POST", "/api/collections/_superusers/impersonate/{user}").as(SUPERUSER).expect(404);
  }

  private void methods() {
    for (var collection : new String[] {"users", "_superusers", "pbc_3142635823"}) {
      route("GET", "/api/collections/" + collection + "/auth-methods")
          .as(GUEST)
          .expect(200)
          .is(
              "{\"password\":{\"identityFields\":[\"email\"],\"enabled\":true},"
                  + "\"oauth2\":{\"providers\":[],\"enabled\":false},"
                  + "\"mfa\":{\"enabled\":false,\"duration\":0},"
                  + "\"otp\":{\"enabled\":false,\"duration\":0}}");
    }
    route("GET", "/api/collections/nothing/auth-methods")
        .as(GUEST)
        .expect(404)
        .json("message", "Missing or invalid collection context.");
  }
}

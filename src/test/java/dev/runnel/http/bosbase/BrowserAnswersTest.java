package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;

import dev.runnel.http.HttpScenarios;

/** What browsers ask and need, shortened answers, and the shape of what has no route. */
class BrowserAnswersTest extends HttpScenarios {
  private static final String ORIGIN = "https://app.example.com";
  private static final String METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE";

  private void preflight(String path) {
    route("OPTIONS", path)
        .as(GUEST)
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization,content-type")
        .expect(204)
        .is("")
        .answers("Vary", "Origin")
        .answers("Access-Control-Allow-Origin", "*")
        .answers("Access-Control-Allow-Methods", METHODS)
        .answers("Access-Control-Allow-Headers", "authorization,content-type")
        .answersNo("Access-Control-Allow-Credentials");
  }

  {
    preflight("/api/scripts");
    preflight("/api/scripts/upload");
    preflight("/nowhere");
    route("OPTIONS", "/api/scripts")
        .as(GUEST)
        .expect(204)
        .answers("Vary", "Origin")
        .answersNo("Access-Control-Allow-Origin", "Access-Control-Allow-Methods");

    route("GET", "/api/health")
        .as(GUEST)
        .expect(200)
        .answers("Vary", "Origin")
        .answersNo("Access-Control-Allow-Origin")
        .as(GUEST)
        .header("Origin", ORIGIN)
        .expect(200)
        .answers("Access-Control-Allow-Origin", "*")
        .answers(
            "Access-Control-Expose-Headers",
            "X-Request-Id,X-Run-Id,Idempotency-Replayed,Preference-Applied,Retry-After")
        .answers("X-XSS-Protection", "1; mode=block")
        .answers("X-Content-Type-Options", "nosniff")
        .answers("X-Frame-Options", "SAMEORIGIN")
        .answers("Content-Type", "application/json");

    // A page of another site with its own token may change things; one with what the browser adds
    // by itself may not, and is told so readably.
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .header("Origin", ORIGIN)
        .body("{\"name\":\"cors.sh\",\"content\":\"true\"}")
        .expect(201)
        .answers("Access-Control-Allow-Origin", "*")
        .as(BASIC)
        .header("Origin", ORIGIN)
        .body("{\"name\":\"no.sh\",\"content\":\"true\"}")
        .expect(403)
        .json("message", "You are not allowed to perform this request.")
        .answers("Access-Control-Allow-Origin", "*")
        .as(GUEST)
        .header("Origin", ORIGIN)
        .expect(401)
        .answers("Access-Control-Allow-Origin", "*")
        .answers("X-Frame-Options", "SAMEORIGIN");

    // The admin door speaks to its own pages only.
    route("OPTIONS", "/api/admin/scripts")
        .as(GUEST)
        .header("Origin", ORIGIN)
        .expect(405)
        .answersNo("Access-Control-Allow-Origin", "Vary");
    route("GET", "/api/admin/scripts")
        .as(SUPERUSER)
        .header("Origin", ORIGIN)
        .expect(200)
        .answersNo("Access-Control-Allow-Origin", "Vary")
        .json("/items/0/name", "cors.sh");
    route("GET", "/api/admin/scripts?fields=x")
        .as(SUPERUSER)
        .expect(200)
        .json("/items/0/name", "cors.sh");

    route("GET", "/api/scripts/cors.sh?fields=name,version")
        .as(SUPERUSER)
        .expect(200)
        .is("{\"name\":\"cors.sh\",\"version\":1}");
    route("GET", "/api/scripts?fields=items.name")
        .as(SUPERUSER)
        .expect(200)
        .is("{\"items\":[{\"name\":\"cors.sh\"}]}");
    route("GET", "/api/scripts?fields=name")
        .as(SUPERUSER)
        .expect(200)
        .is("{\"items\":[{\"name\":\"cors.sh\"}]}");
    route("GET", "/api/scripts?fields=*").as(SUPERUSER).expect(200, "\"content\":\"true\"");
    route("GET", "/api/scripts?fields=").as(SUPERUSER).expect(200, "\"content\":\"true\"");
    route("POST", "/api/scripts/cors.sh/execute?fields=output")
        .as(SUPERUSER)
        .body("")
        .expect(200)
        .is("{\"output\":\"\"}");
    route("POST", "/api/collections/users/auth-with-password?fields=token,record.email")
        .as(GUEST)
        .body("{\"identity\":\"user@example.com\",\"password\":\"correct:horse battery\"}")
        .expect(200, "\"token\"")
        .jsonText("record", "{\"email\":\"user@example.com\"}");
    route("GET", "/api/scripts/missing?fields=status")
        .as(SUPERUSER)
        .expect(404)
        .is("{\"data\":{},\"message\":\"Script not found.\",\"status\":404}");
    route("GET", "/api/scripts?fields=%zz")
        .as(SUPERUSER)
        .expect(400)
        .json("message", "Something went wrong while processing your request.");

    // A method that a path has not is no 405 here.
    var nothing =
        "{\"data\":{},\"message\":\"The requested resource wasn't found.\",\"status\":404}";
    route("PUT", "/api/scripts").as(SUPERUSER).expect(404).is(nothing);
    route("DELETE", "/api/scripts").as(GUEST).expect(404).is(nothing);
    route("PATCH", "/api/health").as(GUEST).body("{").expect(404).is(nothing);
    route("GET", "/api/scripts/a/b/c/d").as(GUEST).expect(404).is(nothing);
    route("TRACE", "/api/scripts").as(GUEST).expect(404).is(nothing);

    // Who calls, then the body, then its fields, then what exists.
    route("PATCH", "/api/scripts/missing")
        .as(GUEST)
        .body("{")
        .expect(401)
        .as(SUPERUSER)
        .body("{")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"content\":1}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"content\":\" \"}")
        .expect(400)
        .json("message", "Script content cannot be empty.")
        .as(SUPERUSER)
        .body("{\"content\":\"1\"}")
        .expect(404)
        .json("message", "Script not found.");
    route("PATCH", "/api/scripts/a%2Fb")
        .as(SUPERUSER)
        .body("{")
        .expect(400)
        .json("message", Errors.LOADING);
  }
}

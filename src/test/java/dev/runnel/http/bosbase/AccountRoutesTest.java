package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.OTHER;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** The records of users and superusers: who makes, sees, changes and removes which. */
class AccountRoutesTest extends HttpScenarios {
  private static final String USERS = "/api/collections/users/records";
  private static final String SUPERUSERS = "/api/collections/_superusers/records";
  private static final String NOT_THERE = "The requested resource wasn't found.";
  private static final String ONLY_SUPERUSERS = "Only superusers can perform this action.";
  private static final String NO_COLLECTION = "Missing or invalid collection context.";
  private static final String CREATE_FAILED = "Failed to create record.";
  private static final String UPDATE_FAILED = "Failed to update record.";

  /** A password twice, and what else. */
  private static String entry(String email, String more) {
    return "{\"email\":\""
        + email
        + "\",\"password\":\"long enough\",\"passwordConfirm\":\"long enough\""
        + more
        + "}";
  }

  {
    created();
    refusedAtFirst();
    refusedAfterThat();
    ids();
    superusers();
    seen();
    changed();
    passwordsChanged();
    deleted();
  }

  private void created() {
    route("POST", USERS)
        .as(GUEST)
        .body(entry("Ann@example.com", ",\"name\":\"Ann\",\"avatar\":\"x\",\"unknown\":1"))
        .expect(200)
        .json("collectionId", "_pb_users_auth_")
        .json("collectionName", "users")
        .json("emailVisibility", false)
        .json("verified", false)
        .json("name", "Ann")
        .json("avatar", "")
        .excludes("\"email\":", "password", "tokenKey", "long enough", "nn@example")
        .keep("ann", "id")
        .as(GUEST)
        .body(entry("bob@example.com", ",\"emailVisibility\":true,\"verified\":false"))
        .expect(200)
        .json("email", "bob@example.com")
        .keep("bob", "id")
        .as(USER)
        .body(entry("carl@example.com", ""))
        .expect(200)
        .excludes("carl@")
        .as(SUPERUSER)
        .body(entry("dora@example.com", ",\"verified\":true"))
        .expect(200)
        .json("email", "dora@example.com")
        .json("verified", true)
        .keep("dora", "id");
    route("POST", "/api/collections/_pb_users_auth_/records")
        .as(GUEST)
        .body(entry("eve@example.com", ",\"name\":null,\"id\":\"\""))
        .expect(200)
        .json("name", "");
    route("POST", "/api/collections/users/auth-with-password")
        .as(GUEST)
        .body("{\"identity\":\"ann@EXAMPLE.com\",\"password\":\"long enough\"}")
        .expect(200)
        .json("/record/email", "Ann@example.com")
        .keep("annToken", "token");
    for (var path : new String[] {"nothing", "Users", "pbc_1"}) {
      route("POST", "/api/collections/" + path + "/records")
          .as(GUEST)
          .body(entry("f@example.com", ""))
          .expect(404)
          .json("message", NO_COLLECTION);
    }
  }

  private void refusedAtFirst() {
    route("POST", USERS)
        .as(GUEST)
        .body("")
        .expect(400)
        .json("message", CREATE_FAILED)
        .jsonText(
            "data",
            "{\"password\":{\"code\":\"validation_required\",\"message\":\"Cannot be blank.\"},"
                + "\"passwordConfirm\":{\"code\":\"validation_required\",\"message\":\"Cannot be"
                + " blank.\"}}")
        .as(GUEST)
        .body("{\"email\":\"bad\",\"password\":\"short\",\"passwordConfirm\":\"other\"}")
        .expect(400)
        .jsonText(
            "data",
            "{\"passwordConfirm\":{\"code\":\"validation_values_mismatch\",\"message\":\"Values"
                + " don't match.\"}}")
        .as(USER)
        .body(entry("f@example.com", ",\"verified\":true"))
        .expect(400)
        .jsonText(
            "data",
            "{\"verified\":{\"code\":\"validation_values_mismatch\",\"message\":\"Values don't"
                + " match.\"}}");
    for (var body :
        new String[] {
          "{", "[]", "{\"email\":1}", "{\"verified\":\"perhaps\"}", entry("a\\u0000@b.c", "")
        }) {
      route("POST", USERS).as(GUEST).body(body).expect(400).json("message", Errors.LOADING);
    }
    route("POST", USERS)
        .as(GUEST)
        .body("{\"password\":\"nul \\u0000 within\",\"passwordConfirm\":\"nul \\u0000 within\"}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(GUEST)
        .body(entry("f@example.com", ",\"name\":\"a\\u0000\""))
        .expect(400)
        .json("message", Errors.LOADING);
  }

  private void refusedAfterThat() {
    route("POST", USERS)
        .as(GUEST)
        .body("{\"password\":\"short\",\"passwordConfirm\":\"short\"}")
        .expect(400)
        .json("message", CREATE_FAILED)
        .jsonText(
            "data",
            "{\"email\":{\"code\":\"validation_required\",\"message\":\"Cannot be blank.\"},"
                + "\"password\":{\"code\":\"validation_min_text_constraint\",\"message\":\"Must be"
                + " at least 8 character(s).\"}}")
        .as(GUEST)
        .body(entry("no address", ""))
        .expect(400)
        .json("/data/email/code", "validation_is_email")
        .json("/data/email/message", "Must be a valid email address.")
        .as(GUEST)
        .body(entry("f@example.com", ",\"name\":\"" + "n".repeat(256) + "\""))
        .expect(400)
        .json("/data/name/code", "validation_max_text_constraint")
        .as(GUEST)
        .body(entry("f".repeat(244) + "@example.com", ""))
        .expect(400)
        .json("/data/email/code", "validation_max_text_constraint")
        .as(GUEST)
        .body(entry("f@example.com", "").replace("long enough", "é".repeat(36)))
        .expect(400)
        .json("/data/password/code", "validation_max_text_constraint")
        .as(GUEST)
        .body(entry("ANN@example.com", ""))
        .expect(400)
        .json("message", CREATE_FAILED)
        .jsonText(
            "data",
            "{\"email\":{\"code\":\"validation_not_unique\",\"message\":\"Value must be"
                + " unique.\"}}");
  }

  private void ids() {
    route("POST", USERS)
        .as(SUPERUSER)
        .body(entry("g@example.com", ",\"id\":\"abcdefghij12345\""))
        .expect(200)
        .json("id", "abcdefghij12345")
        .as(SUPERUSER)
        .body(entry("h@example.com", ",\"id\":\"01a1fd80-5b29-7407-ab5f-7f2e73f2048c\""))
        .expect(200)
        .json("id", "01a1fd80-5b29-7407-ab5f-7f2e73f2048c")
        .as(SUPERUSER)
        .body(entry("i@example.com", ",\"id\":\"abcdefghij12345\""))
        .expect(400)
        .json("/data/id/code", "validation_pk_invalid")
        .as(GUEST)
        .body(entry("i@example.com", ",\"id\":\"abcdefghij12345\""))
        .expect(400)
        .json("/data/id/code", "validation_values_mismatch");
    for (var id :
        new String[] {"short", "ABCDEFGHIJ12345", "01a1fd80-5b29-4407-ab5f-7f2e73f2048c", "a~b"}) {
      route("POST", USERS)
          .as(SUPERUSER)
          .body(entry("i@example.com", ",\"id\":\"" + id + "\""))
          .expect(400)
          .json("/data/id/code", "validation_invalid_format");
    }
    route("POST", "/api/collections/users/auth-with-password")
        .as(GUEST)
        .body("{\"identity\":\"g@example.com\",\"password\":\"long enough\"}")
        .expect(200)
        .keep("shortIdToken", "token");
    route("GET", USERS + "/abcdefghij12345")
        .as(GUEST)
        .header("Authorization", "{shortIdToken}")
        .expect(200)
        .json("email", "g@example.com");
  }

  private void superusers() {
    for (var who : new Who[] {GUEST, USER}) {
      route("POST", SUPERUSERS).as(who).body(entry("z@example.com", "")).expect(403);
      route("GET", SUPERUSERS).as(who).expect(403).json("message", ONLY_SUPERUSERS);
      route("GET", SUPERUSERS + "/any").as(who).expect(403).json("message", ONLY_SUPERUSERS);
      route("PATCH", SUPERUSERS + "/any").as(who).body("{}").expect(403);
      route("DELETE", SUPERUSERS + "/any").as(who).expect(403).json("message", ONLY_SUPERUSERS);
    }
    route("GET", SUPERUSERS)
        .as(SUPERUSER)
        .expect(200)
        .json("totalItems", 1)
        .keep("root", "/items/0/id");
    route("DELETE", SUPERUSERS + "/{root}")
        .as(SUPERUSER)
        .expect(400)
        .json("message", "You can't delete the only existing superuser.")
        .jsonText("data", "{}");
    route("POST", "/api/collections/pbc_3142635823/records")
        .as(SUPERUSER)
        .body(entry("root2@example.com", ",\"name\":\"unseen\",\"verified\":false"))
        .expect(200)
        .json("collectionName", "_superusers")
        .json("verified", true)
        .excludes("name\":\"unseen", "avatar")
        .keep("root2", "id");
    route("PATCH", SUPERUSERS + "/{root2}")
        .as(SUPERUSER)
        .body("{\"verified\":false,\"email\":\"root3@example.com\"}")
        .expect(200)
        .json("verified", true)
        .json("email", "root3@example.com");
    route("GET", USERS + "/{root2}").as(SUPERUSER).expect(404).json("message", NOT_THERE);
    route("DELETE", SUPERUSERS + "/{root2}").as(SUPERUSER).expect(204).is("");
    route("DELETE", SUPERUSERS + "/{root2}").as(SUPERUSER).expect(404).json("message", NOT_THERE);
  }

  private void seen() {
    route("GET", USERS).as(USER).expect(200).json("totalItems", 1).keep("user", "/items/0/id");
    route("GET", USERS).as(OTHER).expect(200).keep("other", "/items/0/id");
    route("GET", USERS + "/{user}")
        .as(USER)
        .expect(200)
        .json("email", "user@example.com")
        .as(SUPERUSER)
        .expect(200)
        .json("email", "user@example.com")
        .as(OTHER)
        .expect(404)
        .json("message", NOT_THERE)
        .jsonText("data", "{}")
        .as(GUEST)
        .expect(404)
        .json("message", NOT_THERE);
    route("GET", USERS + "/{bob}").as(GUEST).expect(404).as(USER).expect(404);
    route("GET", USERS + "/nobody").as(SUPERUSER).expect(404).json("message", NOT_THERE);
    route("GET", USERS + "/a%00b").as(SUPERUSER).expect(400);
    route("GET", "/api/collections/nothing/records/x")
        .as(GUEST)
        .expect(404)
        .json("message", NO_COLLECTION);
    route("HEAD", USERS + "/{user}").as(USER).expect(200).as(OTHER).expect(404);
  }

  private void changed() {
    route("PATCH", USERS + "/{user}")
        .as(GUEST)
        .body("{\"name\":\"Zed\"}")
        .expect(404)
        .json("message", NOT_THERE)
        .as(OTHER)
        .body("{\"name\":\"Zed\"}")
        .expect(404)
        .as(USER)
        .body("{")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(USER)
        .body("{\"name\":\"Uwe\",\"emailVisibility\":true,\"id\":\"another\",\"verified\":null}")
        .expect(400)
        .json("/data/id/code", "validation_pk_change")
        .as(USER)
        .body("{\"name\":\"Uwe\",\"emailVisibility\":true,\"email\":\"user@example.com\"}")
        .expect(200)
        .json("name", "Uwe")
        .json("emailVisibility", true)
        .as(USER)
        .body("")
        .expect(200)
        .json("name", "Uwe")
        .as(USER)
        .body("{\"email\":\"mine@example.com\",\"verified\":true}")
        .expect(400)
        .json("message", UPDATE_FAILED)
        .json("/data/email/code", "validation_values_mismatch")
        .json("/data/verified/code", "validation_values_mismatch")
        .as(USER)
        .body("{\"name\":\"" + "n".repeat(256) + "\"}")
        .expect(400)
        .json("/data/name/code", "validation_max_text_constraint")
        .as(SUPERUSER)
        .body("{\"email\":\"OTHER@example.com\"}")
        .expect(400)
        .json("message", UPDATE_FAILED)
        .json("/data/email/code", "validation_not_unique")
        .as(SUPERUSER)
        .body("{\"email\":\"\"}")
        .expect(400)
        .json("/data/email/code", "validation_required")
        .as(SUPERUSER)
        .body("{\"verified\":true,\"email\":\"User@example.com\",\"name\":\"\"}")
        .expect(200)
        .json("verified", true)
        .json("email", "User@example.com")
        .json("name", "");
    route("GET", USERS + "/{user}").as(USER).expect(404);
    route("PATCH", USERS + "/nobody").as(SUPERUSER).body("{}").expect(404);
  }

  private void passwordsChanged() {
    route("PATCH", USERS + "/{ann}")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body("{\"password\":\"another one\",\"passwordConfirm\":\"another one\"}")
        .expect(400)
        .json("message", UPDATE_FAILED)
        .jsonText(
            "data",
            "{\"oldPassword\":{\"code\":\"validation_required\",\"message\":\"Cannot be"
                + " blank.\"}}")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body("{\"oldPassword\":\"long enough\"}")
        .expect(400)
        .json("/data/password/code", "validation_required")
        .json("/data/passwordConfirm/code", "validation_required")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body(passwords("wrong guess", "another one"))
        .expect(400)
        .jsonText(
            "data",
            "{\"oldPassword\":{\"code\":\"validation_invalid_old_password\",\"message\":\"Missing"
                + " or invalid old password.\"}}")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body(passwords("long enough", "short"))
        .expect(400)
        .json("/data/password/code", "validation_min_text_constraint")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body(passwords("long enough", "another one"))
        .expect(200)
        .excludes("another one")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .body("{\"name\":\"too late\"}")
        .expect(404)
        .as(SUPERUSER)
        .body("{\"password\":\"third one\",\"passwordConfirm\":\"third\"}")
        .expect(400)
        .json("/data/passwordConfirm/code", "validation_values_mismatch")
        .as(SUPERUSER)
        .body("{\"password\":\"third one\",\"passwordConfirm\":\"third one\"}")
        .expect(200);
    route("POST", "/api/collections/users/auth-with-password")
        .as(GUEST)
        .body("{\"identity\":\"ann@example.com\",\"password\":\"another one\"}")
        .expect(400)
        .as(GUEST)
        .body("{\"identity\":\"ann@example.com\",\"password\":\"third one\"}")
        .expect(200)
        .keep("annToken", "token");
  }

  private static String passwords(String old, String next) {
    return "{\"oldPassword\":\"%s\",\"password\":\"%s\",\"passwordConfirm\":\"%s\"}"
        .formatted(old, next, next);
  }

  private void deleted() {
    route("DELETE", USERS + "/{ann}")
        .as(GUEST)
        .expect(404)
        .json("message", NOT_THERE)
        .as(OTHER)
        .expect(404)
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .expect(204)
        .is("")
        .as(GUEST)
        .header("Authorization", "{annToken}")
        .expect(404)
        .as(SUPERUSER)
        .expect(404);
    route("DELETE", USERS + "/{bob}").as(SUPERUSER).expect(204);
    route("DELETE", "/api/collections/nothing/records/x")
        .as(SUPERUSER)
        .expect(404)
        .json("message", NO_COLLECTION);
  }
}

package dev.runnel.http.admin;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;
import static dev.runnel.http.HttpScenarios.Who.WRONG_BASIC;

import dev.runnel.http.HttpScenarios;

/** Definitions at the admin door. */
class DefinitionRoutesTest extends HttpScenarios {
  private static final String BASE = "/api/admin/scripts";

  private static String body(String more) {
    return "{\"name\":\" My script \",\"codeIdentifier\":\"x\",\"type\":\"bash\",\"script\":\"id\""
        + (more.isEmpty() ? "" : ",")
        + more
        + "}";
  }

  private void refused(String more, String field, String message) {
    route("POST", BASE)
        .as(BASIC)
        .body(body(more))
        .expect(400)
        .json("error", message)
        .json("/details/0/field", field)
        .json("/details/0/message", message);
  }

  {
    route("GET", BASE)
        .as(GUEST)
        .expect(401)
        .json("error", "Authentication required")
        .answers("WWW-Authenticate", "Basic realm=\"Admin Area\"")
        .answers("Cache-Control", "no-store")
        .as(WRONG_BASIC)
        .expect(401)
        .json("error", "Invalid credentials")
        .as(USER)
        .expect(403)
        .as(SUPERUSER)
        .expect(200)
        .jsonText("items", "[]")
        .as(BASIC)
        .header("X-Request-Id", "mine-1")
        .expect(200)
        .answers("X-Request-Id", "mine-1");
    route("GET", BASE + "/").as(BASIC).expect(200);
    route("PATCH", BASE).as(BASIC).expect(405).answers("Allow", "GET, POST");
    route("GET", "/api/admin/other").as(BASIC).expect(404).json("error", "Not found");

    route("POST", BASE)
        .as(BASIC)
        .body("{}")
        .expect(400)
        .json("error", "name is required")
        .json("/details/0/field", "name")
        .as(BASIC)
        .body("{\"name\":\"a\",\"codeIdentifier\":\"!!!\"}")
        .expect(400)
        .json("error", "codeIdentifier is required")
        .as(BASIC)
        .body("{\"name\":\"a\",\"codeIdentifier\":\"runs\"}")
        .expect(400)
        .as(BASIC)
        .body("{\"name\":\"a\",\"codeIdentifier\":\"a\",\"type\":\"perl\"}")
        .expect(400, "bash, node, python, browser")
        .as(BASIC)
        .body("{")
        .expect(400)
        .json("error", "Invalid JSON body")
        .as(BASIC)
        .body(body(""))
        .type("text/plain")
        .expect(400)
        .json("error", "Invalid JSON body");
    refused("\"runner\":\"vm2\"", "runner", "runner vm2 cannot run type bash");
    refused(
        "\"scriptFormat\":\"hex\"", "scriptFormat", "scriptFormat must be one of string, base64");
    refused("\"scriptFormat\":\"base64\"", "script", "Invalid base64 script content");
    refused("\"timeoutMs\":99", "timeoutMs", "timeoutMs must be from 100 to 86400000");
    refused("\"timeoutMs\":1e400", "timeoutMs", "timeoutMs must be a whole number");
    refused("\"timeoutMs\":\"100\"", "timeoutMs", "timeoutMs must be a whole number");
    refused("\"enabled\":\"false\"", "enabled", "enabled must be true or false");
    refused(
        "\"concurrency\":\"all\"",
        "concurrency",
        "concurrency must be one of single, queue, parallel");
    refused(
        "\"concurrencyLimit\":0", "concurrencyLimit", "concurrencyLimit must be from 1 to 1000");
    refused(
        "\"concurrency\":\"queue\",\"concurrencyLimit\":1001",
        "concurrencyLimit",
        "concurrencyLimit must be from 1 to 1000");
    refused(
        "\"concurrencyLimit\":2",
        "concurrencyLimit",
        "A single script has one run at a time; concurrencyLimit goes with queue or parallel");
    refused(
        "\"concurrency\":\"parallel\",\"concurrencyKey\":\"arg:1\"",
        "concurrencyKey",
        "concurrencyKey says what a limit counts; a parallel script needs a concurrencyLimit for"
            + " it");
    for (var key : new String[] {"arg:0", "arg:101", "header:", "header:a b", "X"}) {
      refused(
          "\"concurrencyKey\":\"" + key + "\"",
          "concurrencyKey",
          "concurrencyKey must be arg:N with N from 1 to 100, or header:NAME with the name of a"
              + " request header");
    }
    refused("\"priority\":101", "priority", "priority must be from -100 to 100");
    refused("\"priority\":1.5", "priority", "priority must be a whole number");
    refused(
        "\"env\":[{\"key\":\"A\"},{\"key\":\"1\"}]",
        "env[1].key",
        "env[1].key must be letters, digits and _ and must not start with a digit");
    refused(
        "\"env\":[{\"key\":\"A\",\"value\":\"\\u0000\"}]",
        "env[0].value",
        "env[0].value must not hold NUL or half a surrogate pair");
    refused(
        "\"env\":[1,{\"key\":\"A\",\"value\":[]}]",
        "env[1].value",
        "env[1].value must be a string");
    refused(
        "\"limits\":{\"processes\":5000,\"memoryBytes\":9000000000}",
        "limits.memoryBytes",
        "limits.memoryBytes must be at most 8589934592, the server's maximum");
    route("POST", BASE)
        .as(BASIC)
        .body(body("\"limits\":{\"processes\":5000,\"memoryBytes\":9000000000}"))
        .expect(400)
        .json("/details/1/field", "limits.processes");
    refused(
        "\"limits\":{\"processes\":0}",
        "limits.processes",
        "limits.processes must be greater than 0");
    refused(
        "\"schedule\":{\"enabled\":true,\"cron\":\"* * * * *\"}",
        "schedule.enabled",
        "schedule is not built yet; leave schedule.enabled false");
    refused(
        "\"apiTrigger\":{\"enabled\":true}",
        "apiTrigger.enabled",
        "apiTrigger is not built yet; leave apiTrigger.enabled false");

    route("POST", BASE)
        .as(BASIC)
        .body(
            "{\"name\":\" My Script \",\"codeIdentifier\":\"  Hello  Bash! (v2)_x"
                + " \",\"type\":\"bash\","
                + "\"script\":\"ZWNobyBoaQ==\",\"scriptFormat\":\"base64\",\"timeoutMs\":0,\"env\":[{\"key\":\"A\",\"value\":1},{\"key\":\""
                + " \"},{\"key\":\"B\",\"value\":false},"
                + "{\"key\":\"A\",\"value\":\"2\"}],\"limits\":{\"cpuSeconds\":5},"
                + "\"schedule\":{\"enabled\":false},\"unknown\":1}")
        .expect(201)
        .json("/item/name", "My Script")
        .json("/item/codeIdentifier", "hello-bash-v2_x")
        .json("/item/type", "bash")
        .json("/item/runner", "host")
        .json("/item/script", "echo hi")
        .json("/item/scriptFormat", "string")
        .json("/item/timeoutMs", 300000)
        .json("/item/enabled", true)
        .json("/item/concurrency", "single")
        .json("/item/concurrencyLimit", null)
        .json("/item/concurrencyKey", null)
        .json("/item/priority", 0)
        .json("/item/version", 1)
        .jsonText(
            "/item/env", "[{\"key\":\"B\",\"value\":\"false\"},{\"key\":\"A\",\"value\":\"2\"}]")
        .jsonText("/item/limits", "{\"cpuSeconds\":5}")
        .jsonText("/item/schedule", "{\"enabled\":false,\"cron\":\"\",\"timezone\":\"UTC\"}")
        .jsonText("/item/apiTrigger", "{\"enabled\":false}")
        .keep("id", "/item/_id")
        .as(BASIC)
        .body(
            "{\"name\":\"2\",\"codeIdentifier\":\"hello-bash-v2_x\",\"type\":\"python\",\"script\":\"1\"}")
        .expect(409)
        .json("error", "codeIdentifier already exists");
    route("POST", BASE)
        .as(BASIC)
        .body(
            "{\"name\":\"Text\",\"codeIdentifier\":\"env-text\",\"type\":\"bash\",\"script\":\"id\","
                + "\"env\":\"A=1\"}")
        .expect(201)
        .jsonText("/item/env", "[]")
        .as(BASIC)
        .body(
            "{\"name\":\"Object\",\"codeIdentifier\":\"env-object\",\"type\":\"bash\","
                + "\"script\":\"id\",\"env\":{\"A\":1}}")
        .expect(201)
        .jsonText("/item/env", "[]")
        .as(BASIC)
        .body(
            "{\"name\":\"Odd\",\"codeIdentifier\":\"env-odd\",\"type\":\"bash\",\"script\":\"id\","
                + "\"env\":[1,null,{\"key\":\"A\",\"value\":null},{\"value\":\"x\"},{\"key\":\"B\"}]}")
        .expect(201)
        .jsonText("/item/env", "[{\"key\":\"A\",\"value\":\"\"},{\"key\":\"B\",\"value\":\"\"}]");
    route("GET", BASE + "?q=env-&limit=2")
        .as(BASIC)
        .expect(200)
        .json("/items/0/codeIdentifier", "env-odd")
        .json("/items/1/codeIdentifier", "env-object")
        .keep("next", "nextCursor");
    route("GET", BASE + "?q=env-&limit=2&cursor={next}")
        .as(BASIC)
        .expect(200)
        .json("/items/0/codeIdentifier", "env-text")
        .json("nextCursor", null)
        .excludes("env-object");
    route("GET", BASE + "?cursor=1").as(BASIC).expect(400).json("/details/0/field", "cursor");

    route("GET", BASE + "/{id}")
        .as(BASIC)
        .expect(200)
        .json("/item/codeIdentifier", "hello-bash-v2_x")
        .as(GUEST)
        .expect(401);
    route("GET", BASE + "/hello-bash-v2_x").as(BASIC).expect(200).json("/item/name", "My Script");
    route("GET", BASE + "/00000000-0000-7000-8000-000000000000").as(BASIC).expect(404);
    route("GET", BASE + "/%00").as(BASIC).expect(400);
    route("GET", BASE + "?q=MY&type=bash&enabled=true&fields=summary&limit=1")
        .as(BASIC)
        .expect(200)
        .json("/items/0/codeIdentifier", "hello-bash-v2_x")
        .excludes("echo hi", "\"value\"");
    route("GET", BASE + "?type=node").as(BASIC).expect(200).jsonText("items", "[]");
    route("GET", BASE + "?limit=0").as(BASIC).expect(400).json("/details/0/field", "limit");
    route("GET", BASE + "?enabled=1").as(BASIC).expect(400);

    route("PUT", BASE + "/{id}")
        .as(GUEST)
        .body("{}")
        .expect(401)
        .as(BASIC)
        .body("{}")
        .expect(200)
        .json("/item/version", 1)
        .as(BASIC)
        .body("{\"script\":\"echo 2\",\"timeoutMs\":500,\"env\":[]}")
        .expect(200)
        .json("/item/version", 2)
        .json("/item/timeoutMs", 500)
        .jsonText("/item/env", "[]")
        .as(BASIC)
        .body(
            "{\"concurrency\":\"parallel\",\"concurrencyLimit\":5,"
                + "\"concurrencyKey\":\"header:X-Tenant\",\"priority\":-7}")
        .expect(200)
        .json("/item/concurrencyLimit", 5)
        .json("/item/concurrencyKey", "header:X-Tenant")
        .json("/item/priority", -7)
        .json("/item/version", 2)
        .as(BASIC)
        .body("{\"concurrency\":\"single\"}")
        .expect(400)
        .json("/details/0/field", "concurrencyLimit")
        .as(BASIC)
        .body("{\"concurrencyLimit\":null,\"concurrencyKey\":null,\"concurrency\":\"single\"}")
        .expect(200)
        .json("/item/concurrencyLimit", null)
        .json("/item/concurrencyKey", null)
        .json("/item/priority", -7)
        .as(BASIC)
        .body("{\"timeoutMs\":null}")
        .expect(200)
        .json("/item/timeoutMs", 300000)
        .as(BASIC)
        .body("{\"script\":\" \"}")
        .expect(400)
        .json("error", "script is required")
        .as(BASIC)
        .body("{\"type\":\"browser\"}")
        .expect(400)
        .json("/details/0/field", "runner")
        .as(BASIC)
        .body("{\"name\":\"N\",\"version\":1}")
        .expect(412)
        .as(BASIC)
        .header("If-Match", "\"2\"")
        .body("{\"name\":\"N\"}")
        .expect(200)
        .json("/item/name", "N")
        .as(BASIC)
        .header("If-Match", "x")
        .body("{\"name\":\"N\"}")
        .expect(400)
        .as(BASIC)
        .header("Origin", "https://elsewhere.example")
        .body("{\"name\":\"N\"}")
        .expect(403)
        .json("error", "Cross-site request rejected")
        .as(BASIC)
        .header("Sec-Fetch-Site", "same-origin")
        .body("{\"name\":\"N\"}")
        .expect(200)
        .as(SUPERUSER)
        .header("Origin", "https://elsewhere.example")
        .body("{\"name\":\"N\"}")
        .expect(200);
    route("GET", "/api/scripts/hello-bash-v2_x")
        .as(SUPERUSER)
        .expect(200)
        .json("content", "echo 2");
    route("DELETE", BASE + "/{id}")
        .as(GUEST)
        .expect(401)
        .as(USER)
        .expect(403)
        .as(BASIC)
        .expect(200)
        .json("ok", true)
        .as(BASIC)
        .expect(404)
        .json("error", "Not found");
  }
}

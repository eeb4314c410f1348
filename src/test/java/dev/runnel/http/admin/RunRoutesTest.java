package dev.runnel.http.admin;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** Starting definitions at the admin door, and the records of their runs. */
class RunRoutesTest extends HttpScenarios {
  private static final String BASE = "/api/admin/scripts";

  private void definition(String code, String type, String more, String script) {
    route("POST", BASE)
        .as(BASIC)
        .body(
            "{\"name\":\"Name of %s\",\"codeIdentifier\":\"%s\",\"type\":\"%s\",%s\"script\":\"%s\"}"
                .formatted(code, code, type, more, script))
        .expect(201);
  }

  {
    definition(
        "env",
        "bash",
        "\"env\":[{\"key\":\"A\",\"value\":\"1\"},{\"key\":\"B\",\"value\":\"2\"}],\"concurrency\":\"parallel\",",
        "echo $A $B $1; echo '[1,2]'; echo; echo oops >&2; exit 4");
    definition("slow", "bash", "", "echo begun; sleep 30");
    definition("page", "browser", "", "alert(1)");
    definition("sandboxed", "node", "\"runner\":\"vm2\",", "1");
    definition("off", "bash", "\"enabled\":false,", "id");

    route("POST", BASE + "/env/run")
        .as(GUEST)
        .expect(401)
        .as(USER)
        .expect(403)
        .as(BASIC)
        .body("{\"env\":{\"B\":\"3\"},\"args\":[\"x\"],\"wait\":10000}")
        .expect(200)
        .json("/item/status", "failed")
        .json("/item/exitCode", 4)
        .json("/item/reason", "exit")
        .json("/item/trigger", "manual")
        .json("/item/stdoutTail", "1 3 x\n[1,2]\n\n")
        .json("/item/stderrTail", "oops\n")
        .json("/item/programmaticOutput", "[1,2]")
        .json("/item/lastConsoleLog", "[1,2]")
        .json("/item/outputType", "console")
        .json("/item/outputSize", 18)
        .json("/item/meta/actorType", "basicAuth")
        .json("/item/meta/actorId", "admin")
        .json("/item/meta/ip", "127.0.0.1")
        .json("/item/script/name", "Name of env")
        .json("/item/script/codeIdentifier", "env")
        .json("/item/script/version", 1)
        .json("/item/result", null)
        .json("/item/taskId", 1)
        .json("/item/killedProcesses", 0)
        .keep("run", "runId")
        .as(BASIC)
        .body("not json")
        .type("text/plain")
        .expect(200)
        .as(BASIC)
        .body("{\"args\":1}")
        .expect(400)
        .json("error", "args must be an array")
        .as(BASIC)
        .body("{\"wait\":60001}")
        .expect(400)
        .json("/details/0/field", "wait")
        .as(BASIC)
        .body("{\"queueTimeoutMs\":99}")
        .expect(400)
        .json("/details/0/field", "queueTimeoutMs")
        .as(BASIC)
        .body("{\"priority\":-101}")
        .expect(400)
        .json("/details/0/field", "priority")
        .as(BASIC)
        .body("{\"priority\":5,\"queueTimeoutMs\":5000,\"args\":[\"y\"],\"wait\":10000}")
        .expect(200)
        .json("/item/stdoutTail", "1 2 y\n[1,2]\n\n")
        .as(BASIC)
        .body("{\"env\":\"A=1\"}")
        .expect(400)
        .json("error", "env must be an object");
    route("POST", BASE + "/page/run")
        .as(BASIC)
        .expect(400)
        .json("error", "browser scripts run in the UI only");
    route("POST", BASE + "/sandboxed/run").as(BASIC).expect(400, "vm2 is not built yet");
    route("POST", BASE + "/off/run").as(BASIC).expect(400).json("error", "Script is disabled");
    route("POST", BASE + "/nothing/run").as(BASIC).expect(404);

    route("GET", BASE + "/runs/{run}").as(BASIC).expect(200).json("/item/status", "failed");
    route("GET", BASE + "/runs/nothing").as(BASIC).expect(404).json("error", "Not found");
    route("GET", BASE + "/runs/{run}/full-output")
        .as(BASIC)
        .expect(200, "1 3 x", "oops")
        .json("truncated", false)
        .json("nextOffset", null);
    route("GET", BASE + "/runs/{run}/full-output?stream=stdout&offset=2&limit=3")
        .as(BASIC)
        .expect(200)
        .json("fullOutput", "3 x")
        .json("nextOffset", 5);
    route("GET", BASE + "/runs/{run}/full-output?stream=both").as(BASIC).expect(400);
    route("GET", BASE + "/runs/nothing/full-output")
        .as(BASIC)
        .expect(404)
        .json("error", "Script run not found");
    route("POST", BASE + "/runs/{run}/cancel")
        .as(BASIC)
        .expect(409)
        .json("error", "Run already finished")
        .json("status", "failed");

    route("POST", BASE + "/slow/run")
        .as(BASIC)
        .body("{\"wait\":1}")
        .expect(200)
        .excludes("\"item\"")
        .keep("slow", "runId")
        .as(BASIC)
        .expect(409, "\"runId\":\"")
        .json("error", "Script is already running");
    route("GET", BASE + "/runs?status=running")
        .as(BASIC)
        .expect(200)
        .json("/items/0/_id", "{slow}");
    route("GET", BASE + "/runs?scriptId[$ne]=x&limit=1&trigger=manual").as(BASIC).expect(200);
    route("GET", BASE + "/runs?scriptId=nothing").as(BASIC).expect(200).jsonText("items", "[]");
    route("GET", BASE + "/runs?status=odd").as(BASIC).expect(400);
    route("GET", BASE + "/runs?limit=201").as(BASIC).expect(400);
    route("GET", BASE + "/runs?limit=1")
        .as(BASIC)
        .expect(200)
        .json("/items/0/_id", "{slow}")
        .keep("next", "nextCursor");
    route("GET", BASE + "/runs?limit=1&cursor={next}")
        .as(BASIC)
        .expect(200)
        .excludes("{slow}")
        .keep("next", "nextCursor");
    route("GET", BASE + "/runs?limit=200&cursor={next}")
        .as(BASIC)
        .expect(200)
        .json("/items/1/_id", "{run}")
        .json("nextCursor", null);
    for (var cursor : new String[] {"x", "1-x", "{run}", "-1-{run}", "1-{run}0"}) {
      route("GET", BASE + "/runs?scriptId=nothing&cursor=" + cursor)
          .as(BASIC)
          .expect(400)
          .json("error", "cursor must be the nextCursor of an earlier page");
    }
    route("GET", BASE + "/runs?before=today").as(BASIC).expect(400);
    route("GET", BASE + "/runs?before=2020-01-01T00:00:00Z")
        .as(BASIC)
        .expect(200)
        .jsonText("items", "[]");
    route("DELETE", BASE + "/slow").as(BASIC).expect(200);
    route("GET", BASE + "/runs/{slow}/stream")
        .as(BASIC)
        .expect(200, "\"status\":\"canceled\"", "event: done");
  }
}

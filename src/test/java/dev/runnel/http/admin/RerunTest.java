package dev.runnel.http.admin;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** A finished run once more, exactly as it was. */
class RerunTest extends HttpScenarios {
  private static final String BASE = "/api/admin/scripts";
  private static final String RERUN = BASE + "/runs/{first}/rerun";

  private void definition(String code, String more, String script) {
    route("POST", BASE)
        .as(BASIC)
        .body(
            "{\"name\":\"Title of %s\",\"codeIdentifier\":\"%s\",\"type\":\"bash\",%s\"script\":\"%s\"}"
                .formatted(code, code, more, script))
        .expect(201);
  }

  {
    definition(
        "job",
        "\"env\":[{\"key\":\"A\",\"value\":\"1\"}],\"defaultWorkingDirectory\":\"/usr\",",
        "pwd; echo $A $B $1; exit 4");
    route("POST", BASE + "/job/run")
        .as(BASIC)
        .body("{\"env\":{\"B\":\"2\"},\"args\":[\"x\"],\"timeoutMs\":12345,\"wait\":20000}")
        .expect(200)
        .json("/item/stdoutTail", "/usr\n1 2 x\n")
        .json("/item/meta/rerunOf", null)
        .keep("first", "runId");
    // Whatever becomes of the script, the run is the one of then.
    route("PUT", BASE + "/job")
        .as(BASIC)
        .body(
            "{\"script\":\"echo"
                + " edited\",\"name\":\"New\",\"env\":[],\"defaultWorkingDirectory\":\"\","
                + "\"limits\":null,\"type\":\"python\"}")
        .expect(200);
    route("POST", RERUN)
        .as(GUEST)
        .expect(401)
        .as(USER)
        .expect(403)
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .header("User-Agent", "somebody else")
        .body("ignored")
        .expect(200)
        .keep("second", "runId")
        .json("streamUrl", BASE + "/runs/{second}/stream")
        .json("/item/status", "failed")
        .json("/item/exitCode", 4)
        .json("/item/stdoutTail", "/usr\n1 2 x\n")
        .jsonText("/item/args", "[\"x\"]")
        .json("/item/timeoutMs", 12345)
        .json("/item/trigger", "manual")
        .json("/item/meta/rerunOf", "{first}")
        .json("/item/meta/actorType", "token")
        .json("/item/meta/userAgent", "somebody else")
        .json("/item/meta/door", "admin")
        .json("/item/script/name", "Title of job")
        .json("/item/script/type", "bash")
        .json("/item/script/version", 1);
    // A rerun of a rerun, and once for its key.
    route("POST", BASE + "/runs/{second}/rerun")
        .as(BASIC)
        .header("Prefer", "wait=20")
        .header("Idempotency-Key", "again")
        .expect(200)
        .keep("third", "runId")
        .json("/item/stdoutTail", "/usr\n1 2 x\n")
        .json("/item/meta/rerunOf", "{second}")
        .as(BASIC)
        .header("Idempotency-Key", "again")
        .expect(200)
        .json("runId", "{third}")
        .answers("Idempotency-Replayed", "true");

    route("PUT", BASE + "/job").as(BASIC).body("{\"enabled\":false}").expect(200);
    route("POST", RERUN).as(BASIC).expect(400).json("error", "Script is disabled");
    route("PUT", BASE + "/job").as(BASIC).body("{\"enabled\":true}").expect(200);
    route("DELETE", BASE + "/job").as(BASIC).expect(200);
    route("POST", RERUN)
        .as(BASIC)
        .expect(410)
        .json(
            "error",
            "The script of this run was deleted and its text with it; it cannot be run again");
    route("POST", BASE + "/runs/00000000-0000-7000-8000-000000000000/rerun")
        .as(BASIC)
        .expect(404)
        .json("error", "Not found");
    route("POST", BASE + "/runs/none/rerun").as(BASIC).expect(404);

    // The script's own rule holds: one at a time at this door.
    definition("single", "", "trap 'sleep 1; exit 1' TERM; echo begun; sleep ${1:-0} & wait");
    route("POST", BASE + "/single/run")
        .as(BASIC)
        .body("{\"wait\":20000}")
        .expect(200)
        .keep("ended", "runId");
    route("POST", BASE + "/single/run")
        .as(BASIC)
        .body("{\"args\":[\"30\"]}")
        .expect(200)
        .keep("active", "runId");
    route("POST", BASE + "/runs/{active}/rerun")
        .as(BASIC)
        .expect(409, "has not ended yet")
        .json("runId", "{active}")
        .json("status", "running");
    route("POST", BASE + "/runs/{ended}/rerun")
        .as(BASIC)
        .expect(409)
        .json("error", "Script is already running")
        .json("runId", "{active}");
    // Deleted while it ended, which takes it a second: that run kept its text.
    route("DELETE", BASE + "/single").as(BASIC).expect(200);
    route("GET", BASE + "/runs/{active}/stream").as(BASIC).expect(200, "event: done");
    route("POST", BASE + "/runs/{active}/rerun")
        .as(BASIC)
        .header("Prefer", "wait=0")
        .expect(202)
        .json("/item/scriptId", null)
        .json("/item/script/codeIdentifier", "single")
        .keep("orphan", "runId");
    route("POST", BASE + "/runs/{orphan}/cancel").as(BASIC).expect(202);

    // What came through the other door: its directory and its function.
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .body(
            "{\"name\":\"where.py\",\"content\":\"import os\\ndef go(a):\\n"
                + "  return os.getcwd() + a\"}")
        .expect(201);
    route("POST", "/api/scripts/where.py/execute")
        .as(SUPERUSER)
        .body("{\"args\":[\"!\"],\"function_name\":\"go\"}")
        .expect(200)
        .keep("where", "output")
        .keepHeader("first", "X-Run-Id");
    route("POST", RERUN)
        .as(BASIC)
        .header("Prefer", "wait=20")
        .expect(200)
        .json("/item/stdoutTail", "{where}")
        .json("/item/status", "succeeded")
        .json("/item/script/name", "where.py")
        .json("/item/meta/door", "admin");
  }
}

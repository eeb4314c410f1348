package dev.runnel.http;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;

/** {@code Idempotency-Key} and {@code Prefer} at every route that starts something. */
class SubmitHeadersTest extends HttpScenarios {
  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";
  private static final String APPLIED = "Preference-Applied";
  private static final String ADMIN = "/api/admin/scripts";
  private static final String SCRIPTS = "/api/scripts";

  private void script(String name, String content) {
    route("POST", SCRIPTS)
        .as(SUPERUSER)
        .body("{\"name\":\"" + name + "\",\"content\":\"" + content + "\"}")
        .expect(201);
  }

  private void definition(String code, String script) {
    route("POST", ADMIN)
        .as(BASIC)
        .body(
            "{\"name\":\"%s\",\"codeIdentifier\":\"%s\",\"type\":\"bash\",\"script\":\"%s\"}"
                .formatted(code, code, script))
        .expect(201);
  }

  {
    script("now.sh", "date +%s%N; echo $*");
    script("other.sh", "echo other");
    script("fail.sh", "echo out; exit 3");
    script("slow.sh", "sleep 8");
    definition("single", "echo begun; sleep 30");
    definition("quick", "echo quick");

    synchronousRepeats();
    asynchronousRepeats();
    streamedRepeats();
    adminRepeats();
    keysThatAreNone();
    waiting();

    for (var code : new String[] {"slowsh", "single"}) {
      route("DELETE", ADMIN + "/" + code).as(BASIC).expect(200);
    }
  }

  private void synchronousRepeats() {
    route("POST", SCRIPTS + "/now.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .answersNo(REPLAYED, APPLIED)
        .keep("output", "output")
        .keepHeader("run", "X-Run-Id")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .answers(REPLAYED, "true")
        .answers("X-Run-Id", "{run}")
        .json("output", "{output}")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"b\"]}")
        .expect(409, "\"data\":{}", "\"status\":409")
        .json(
            "message",
            "This Idempotency-Key was used before with another body; use a new key for a new"
                + " request.")
        .answersNo(REPLAYED)
        .as(SUPERUSER)
        .header(KEY, "k-1 ")
        .body("")
        .expect(409)
        // Another caller, though a superuser too.
        .as(BASIC)
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .answersNo(REPLAYED)
        .as(SUPERUSER)
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .answersNo(REPLAYED);
    route("POST", SCRIPTS + "/other.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .json("output", "other\n")
        .answersNo(REPLAYED);
    route("POST", SCRIPTS + "/fail.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .expect(500)
        .keepHeader("failed", "X-Run-Id")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .expect(500)
        .json("/data/exitCode", 3)
        .answers("X-Run-Id", "{failed}")
        .answers(REPLAYED, "true");
    // What was refused has used nothing up.
    route("POST", SCRIPTS + "/later.sh/execute").as(SUPERUSER).header(KEY, "k").expect(404);
    script("later.sh", "echo here");
    route("POST", SCRIPTS + "/later.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k")
        .expect(200)
        .answersNo(REPLAYED);
    // The answer of then also when nothing could be started any more.
    route("DELETE", SCRIPTS + "/later.sh").as(SUPERUSER).expect(204);
    route("POST", SCRIPTS + "/later.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k")
        .expect(200)
        .json("output", "here\n")
        .answers(REPLAYED, "true")
        .as(Who.GUEST)
        .header(KEY, "k")
        .expect(401);
  }

  private void streamedRepeats() {
    route("GET", SCRIPTS + "/now.sh/execute/sse?arguments=a")
        .as(SUPERUSER)
        .header(KEY, "s-1")
        .header("Prefer", "wait=1, handling=cancel")
        .expect(200)
        .answers(APPLIED, "handling=cancel")
        .answersNo(REPLAYED)
        .keepHeader("streamed", "X-Run-Id")
        .as(SUPERUSER)
        .header(KEY, "s-1")
        .expect(200)
        .answers(REPLAYED, "true")
        .answers("X-Run-Id", "{streamed}");
    route("GET", SCRIPTS + "/now.sh/execute/sse?arguments=b")
        .as(SUPERUSER)
        .header(KEY, "s-1")
        .expect(409);
  }

  private void asynchronousRepeats() {
    route("POST", SCRIPTS + "/async/slow.sh/execute")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .expect(202)
        .answersNo(REPLAYED)
        .keep("job", "id")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .expect(202)
        .json("id", "{job}")
        .json("status", "running")
        .answers(REPLAYED, "true")
        .as(SUPERUSER)
        .header(KEY, "k-1")
        .body("{}")
        .expect(409);
  }

  private void adminRepeats() {
    route("POST", ADMIN + "/single/run")
        .as(BASIC)
        .header(KEY, "k-1")
        .expect(200)
        .answersNo(REPLAYED)
        .keep("active", "runId")
        .as(BASIC)
        .header(KEY, "k-1")
        .expect(200)
        .json("runId", "{active}")
        .answers(REPLAYED, "true")
        .as(BASIC)
        .expect(409)
        .json("runId", "{active}")
        .as(BASIC)
        .header(KEY, "k-2")
        .expect(409)
        .json("error", "Script is already running")
        .as(BASIC)
        .header(KEY, "k-1")
        .body("{}")
        .expect(409)
        .json(
            "error",
            "This Idempotency-Key was used before with another body; use a new key for a new"
                + " request");
  }

  private void keysThatAreNone() {
    for (var path :
        new String[] {
          SCRIPTS + "/now.sh/execute",
          SCRIPTS + "/async/now.sh/execute",
          ADMIN + "/quick/run",
          ADMIN + "/runs/{run}/rerun"
        }) {
      for (var bad : new String[] {"", "k".repeat(256), "a\tb", "a\u0085b"}) {
        route("POST", path)
            .as(SUPERUSER)
            .header(KEY, bad)
            .expect(400, "Idempotency-Key must be one text of 1 to 255 printable characters");
      }
    }
    route("POST", ADMIN + "/quick/run")
        .as(BASIC)
        .header(KEY, "")
        .expect(400)
        .json("/details/0/field", KEY)
        .as(BASIC)
        .header(KEY, "~".repeat(255))
        .expect(200);
  }

  private void waiting() {
    route("POST", SCRIPTS + "/slow.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=0")
        .expect(202)
        .json("status", "running")
        .keep("slow", "id")
        .answers("X-Run-Id", "{slow}")
        .answers(APPLIED, "wait=0");
    route("POST", SCRIPTS + "/now.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "respond-async, wait=999; x=y")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200, "a\\n")
        .answers(APPLIED, "wait=30")
        .as(SUPERUSER)
        .header("Prefer", "wait=soon, return=minimal")
        .expect(200)
        .answersNo(APPLIED)
        .as(SUPERUSER)
        .header("Prefer", "wait=20, handling=cancel")
        .expect(200)
        .answers(APPLIED, "wait=20, handling=cancel");
    route("POST", SCRIPTS + "/fail.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .expect(500)
        .json("/data/exitCode", 3)
        .answers(APPLIED, "wait=20");
    route("POST", SCRIPTS + "/async/slow.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=0")
        .expect(202)
        .json("status", "running")
        .answers(APPLIED, "wait=0");
    route("POST", SCRIPTS + "/async/now.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .header(KEY, "waited")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200, "a\\n")
        .json("status", "done")
        .json("scriptName", "now.sh")
        .keep("done", "id")
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .header(KEY, "waited")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .json("id", "{done}")
        .answers(APPLIED, "wait=20")
        .answers(REPLAYED, "true")
        // It has ended: there is nothing to wait for.
        .as(SUPERUSER)
        .header("Prefer", "wait=0")
        .header(KEY, "waited")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .json("status", "done");
    route("POST", SCRIPTS + "/now.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=0")
        .header(KEY, "k-1")
        .body("{\"arguments\":[\"a\"]}")
        .expect(200)
        .json("output", "{output}");
    route("POST", SCRIPTS + "/async/fail.sh/execute")
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .expect(200)
        .json("status", "error")
        .json("exitCode", 3);
    route("POST", ADMIN + "/quick/run")
        .as(BASIC)
        .header("Prefer", "wait=20")
        .expect(200)
        .json("/item/status", "succeeded")
        .json("/item/outputTail", "quick\n")
        .answers(APPLIED, "wait=20")
        .as(BASIC)
        .body("{\"wait\":20000}")
        .expect(200)
        .json("/item/status", "succeeded")
        .answersNo(APPLIED);
    route("DELETE", ADMIN + "/single").as(BASIC).expect(200);
    definition("single", "sleep 30");
    route("POST", ADMIN + "/single/run")
        .as(BASIC)
        .header("Prefer", "wait=0")
        .body("{\"wait\":60000}")
        .expect(202)
        .json("/item/status", "running")
        .json("/item/outputTail", "")
        .keep("single", "runId");
    route("POST", ADMIN + "/runs/{single}/rerun").as(BASIC).expect(409);
  }
}

package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.OTHER;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** Running modules in the BosBase dialect, and the jobs that come of it. */
class WasmRoutesTest extends HttpScenarios {
  private static final String FIB =
      "{\"options\":\"--reactor\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fib 10\"}";
  private static final String FAILED = "Failed to execute WASM function.";

  private static String module(String wasm) {
    return "{\"options\":\"--reactor\",\"wasm\":\"" + wasm + "\",\"params\":\"fib 10\"}";
  }

  {
    route("POST", "/api/scripts/wasm")
        .as(GUEST)
        .body(FIB)
        .expect(401)
        .json("message", "The request requires superuser authorization token.")
        .as(USER)
        .body(FIB)
        .expect(403)
        .json("message", "You are not allowed to execute this wasm.")
        .as(SUPERUSER)
        .body(FIB)
        .expect(200)
        .json("output", "55\n")
        .json("stdout", "55\n")
        .json("stderr", "")
        .keep("duration", "duration")
        .keepHeader("run", "X-Run-Id")
        .as(SUPERUSER)
        .body("{\"wasm\":\" ./x/../fibonacci.wasm \",\"params\":\"'fib' \\\"10\\\"\"}")
        .expect(200)
        .json("output", "55\n")
        .as(SUPERUSER)
        .body("{\"options\":\"--reactor\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fob\"}")
        .expect(500)
        .json("message", FAILED)
        .json("/data/exitCode", 1)
        .json("/data/output", "wasm: fibonacci.wasm exports no function fob; it exports fib\n")
        .json("/data/stdout", "")
        .json("/data/error", "exit status 1")
        .json("/data/status", "failed")
        .as(SUPERUSER)
        .body(module("missing.wasm"))
        .expect(500, "there is no file")
        .json("message", FAILED);
    route("POST", "/api/scripts/wasm")
        .as(SUPERUSER)
        .body("")
        .expect(400)
        .json("message", "Wasm is required.")
        .as(GUEST)
        .body("{\"wasm\":\" \"}")
        .expect(400)
        .json("message", "Wasm is required.")
        .as(GUEST)
        .body(module("../a.wasm"))
        .expect(400)
        .json("message", "Invalid wasm name.")
        .as(SUPERUSER)
        .body(module("/etc/passwd"))
        .expect(400)
        .json("message", "Invalid wasm name.")
        .as(SUPERUSER)
        .body(module("--version"))
        .expect(400)
        .json("message", "Invalid wasm name.")
        .as(SUPERUSER)
        .body("{\"wasm\":\"a.wasm\\u0000\"}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"wasm\":[\"a.wasm\"]}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"wasm\":")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"wasm\":\"fibonacci.wasm\",\"params\":\"'fib 10\"}")
        .expect(400)
        .json("message", "Params: a quote or a backslash has no end.")
        .as(SUPERUSER)
        .body("{\"wasm\":\"fibonacci.wasm\",\"options\":\"--gas-limit 10\"}")
        .expect(400, "--gas-limit needs wasmedge");

    route("POST", "/api/scripts/wasm/async")
        .as(GUEST)
        .body(FIB)
        .expect(401)
        .as(USER)
        .body(FIB)
        .expect(403)
        .as(SUPERUSER)
        .body("{}")
        .expect(400)
        .as(SUPERUSER)
        .body(FIB)
        .header("Prefer", "wait=20")
        .expect(200)
        .json("wasmName", "fibonacci.wasm")
        .json("status", "done")
        .json("function", "fib")
        .json("options", "--reactor")
        .json("parameters", "fib 10")
        .json("output", "55\n")
        .json("stdout", "55\n")
        .json("stderr", "")
        .json("exitCode", 0)
        .excludes("\"error\"")
        .keep("done", "id")
        .as(SUPERUSER)
        .body("{\"options\":\"--reactor\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fib x\"}")
        .header("Prefer", "wait=20")
        .expect(200, "argument 1 of fib must be of type i32, not x")
        .json("status", "error")
        .json("error", "exit status 1")
        .as(SUPERUSER)
        .body(
            "{\"options\":\"--reactor --time-limit 5000\",\"wasm\":\"fibonacci.wasm\","
                + "\"params\":\"fib 60\"}")
        .expect(202)
        .json("status", "running")
        .keep("slow", "id");
    route("GET", "/api/scripts/wasm/async/{slow}")
        .as(SUPERUSER)
        .expect(200, "startedAt")
        .json("status", "running")
        .json("wasmName", "fibonacci.wasm")
        .excludes("finishedAt", "output", "error", "duration");
    route("POST", "/api/admin/scripts/runs/{slow}/cancel").as(SUPERUSER).expect(202);
    route("GET", "/api/scripts/wasm/async/{done}")
        .as(SUPERUSER)
        .expect(200, "finishedAt", "duration")
        .json("status", "done")
        .as(GUEST)
        .expect(404)
        .json("message", "Job not found.")
        .as(USER)
        .expect(404)
        .as(OTHER)
        .expect(404);
    route("GET", "/api/scripts/async/{done}").as(SUPERUSER).expect(404);
    route("GET", "/api/scripts/wasm/async/{run}").as(SUPERUSER).expect(200).json("status", "done");
    route("GET", "/api/scripts/wasm/async/nothing").as(SUPERUSER).expect(404);

    route("POST", "/api/scripts/wasm")
        .as(SUPERUSER)
        .header("Idempotency-Key", "once")
        .body(FIB)
        .expect(200)
        .keepHeader("first", "X-Run-Id")
        .as(SUPERUSER)
        .header("Idempotency-Key", "once")
        .body(FIB)
        .expect(200)
        .json("output", "55\n")
        .answers("X-Run-Id", "{first}")
        .answers("Idempotency-Replayed", "true");

    route("POST", "/api/script-permissions")
        .as(SUPERUSER)
        .body("{\"script_name\":\"fibonacci.wasm\",\"content\":\"anonymous\"}")
        .expect(201);
    route("POST", "/api/scripts/wasm")
        .as(GUEST)
        .body(FIB)
        .expect(200)
        .json("output", "55\n")
        .as(GUEST)
        .body("{\"wasm\":\"./fibonacci.wasm\",\"params\":\"fib 10\"}")
        .expect(200)
        .as(USER)
        .body(
            "{\"options\":\"--reactor --time-limit 9000 --memory-page-limit=5\","
                + "\"wasm\":\"fibonacci.wasm\",\"params\":\"fib 10\"}")
        .expect(200)
        .as(SUPERUSER)
        .body("{\"options\":\"--dir /:.\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fib 10\"}")
        .expect(200)
        .as(GUEST)
        .body("{\"options\":\"--dir /:.\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fib 10\"}")
        .expect(400, "Only superusers may give options other than --reactor")
        .as(USER)
        .body("{\"options\":\"--env A=1\",\"wasm\":\"fibonacci.wasm\",\"params\":\"fib 10\"}")
        .expect(400, "Only superusers may give options other than --reactor")
        .as(GUEST)
        .body("{\"options\":\"--gas-limit 9\",\"wasm\":\"fibonacci.wasm\"}")
        .expect(400, "--gas-limit needs wasmedge")
        .as(GUEST)
        .body(module("hello.py"))
        .expect(401);
    route("POST", "/api/scripts/wasm/async")
        .as(USER)
        .body(FIB)
        .expect(202)
        .keep("users", "id")
        .as(GUEST)
        .body(FIB)
        .expect(202)
        .keep("guests", "id");
    route("GET", "/api/scripts/wasm/async/{users}")
        .as(USER)
        .expect(200)
        .as(SUPERUSER)
        .expect(200)
        .as(OTHER)
        .expect(404)
        .as(GUEST)
        .expect(404);
    route("GET", "/api/scripts/wasm/async/{guests}").as(GUEST).expect(200).as(OTHER).expect(200);

    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .body("{\"name\":\"other.sh\",\"content\":\"true\"}")
        .expect(201);
    route("POST", "/api/scripts/async/other.sh/execute")
        .as(SUPERUSER)
        .expect(202)
        .keep("other", "id");
    route("GET", "/api/scripts/wasm/async/{other}")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Job not found.");
    route("POST", "/api/admin/scripts")
        .as(SUPERUSER)
        .body("{\"name\":\"a\",\"codeIdentifier\":\"a\",\"type\":\"wasm\",\"script\":\"x\"}")
        .expect(400, "type must be one of bash, node, python, browser");
  }
}

package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.OTHER;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** Running scripts in the BosBase dialect, and the jobs that come of it. */
class ExecuteRoutesTest extends HttpScenarios {
  private static final String GUEST_TEXT =
      "The request requires superuser or allowed user authorization token.";
  private static final String USER_TEXT = "You are not allowed to execute this script.";

  private void script(String name, String content) {
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .body("{\"name\":\"" + name + "\",\"content\":\"" + content + "\"}")
        .expect(201);
  }

  {
    script("args.py", "import sys\\nprint(*sys.argv[1:], sep='|')");
    script(
        "call.py",
        "from os import getcwd\\ndef go(a, b):\\n  return a + '+' + b\\n"
            + "def other(): pass\\ndef _own(): pass\\nvalue = 1");
    script(
        "main.py",
        "import sys\\ndef main(*a):\\n  if not a:\\n    1 / 0\\n"
            + "  print(__name__, sys.argv)\\n  sys.exit(3)");
    script("fail.sh", "echo out; echo err >&2; exit 3");
    script("slow.sh", "sleep 30");
    script("node.js", "console.log(1+1)");

    route("POST", "/api/scripts/args.py/execute")
        .as(GUEST)
        .expect(401)
        .json("message", GUEST_TEXT)
        .as(USER)
        .expect(403)
        .json("message", USER_TEXT)
        .as(SUPERUSER)
        .body("")
        .expect(200)
        .json("output", "\n")
        .as(SUPERUSER)
        .body("{\"arguments\":[\"a b\",10,1.50,true]}")
        .expect(200)
        .json("output", "a b|10|1.50|true\n")
        .json("stdout", "a b|10|1.50|true\n")
        .json("stderr", "")
        .as(SUPERUSER)
        .body("{\"arguments\":[\"1\"],\"args\":[\"2\"],\"function_name\":\" \"}")
        .expect(200)
        .json("output", "2\n")
        .as(SUPERUSER)
        .body("{\"arguments\":[\"1\"],\"args\":[]}")
        .expect(200)
        .json("output", "1\n")
        .as(SUPERUSER)
        .body("{\"arguments\":[[1]]}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"arguments\":[null]}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"arguments\":\"1\"}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"arguments\":[\"\\u0000\"]}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"arguments\":")
        .expect(400);
    route("POST", "/api/scripts/args/execute")
        .as(SUPERUSER)
        .body("{\"args\":[\"x\"]}")
        .expect(200)
        .json("output", "x\n")
        .as(GUEST)
        .expect(401);
    route("POST", "/api/scripts/missing/execute")
        .as(GUEST)
        .expect(401)
        .json("message", GUEST_TEXT)
        .as(USER)
        .expect(403)
        .json("message", USER_TEXT)
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Script not found.");
    route("POST", "/api/scripts/call.py/execute")
        .as(SUPERUSER)
        .body("{\"args\":[\"1\",\"2\"],\"function_name\":\"go\"}")
        .expect(200)
        .json("output", "1+2")
        .as(SUPERUSER)
        .body("{\"function_name\":\"nope\"}")
        .expect(500)
        .json("message", "Script execution failed.")
        .jsonText("/data/availableFunctions", "[\"go\",\"other\"]")
        .json("/data/error", "exit status 1")
        .json("/data/output", "Function not found: nope. Available functions: go, other\n")
        .as(SUPERUSER)
        .body("{\"function_name\":\"go\"}")
        .expect(500, "missing 2 required positional arguments")
        .excludes("availableFunctions");
    route("POST", "/api/scripts/main.py/execute")
        .as(SUPERUSER)
        .body("{\"args\":[\"x\"]}")
        .expect(500, "\"duration\":\"")
        .json("/data/output", "main ['main.py', 'x']\n")
        .json("/data/exitCode", 3)
        .json("/data/error", "exit status 3")
        .excludes("availableFunctions")
        .as(SUPERUSER)
        .body("{}")
        .expect(500)
        .json("/data/exitCode", 1)
        .excludes("call_")
        .expect(500, "line 4, in main", "ZeroDivisionError");
    route("POST", "/api/scripts/node.js/execute")
        .as(SUPERUSER)
        .expect(200)
        .json("output", "2\n")
        .as(SUPERUSER)
        .body("{\"function_name\":\"main\"}")
        .expect(400)
        .json("message", "Only python scripts take a function_name.");
    route("POST", "/api/scripts/fail.sh/execute")
        .as(SUPERUSER)
        .expect(500)
        .json("message", "Script execution failed.")
        .json("status", 500)
        .json("/data/exitCode", 3)
        .json("/data/stdout", "out\n")
        .json("/data/stderr", "err\n")
        .json("/data/error", "exit status 3")
        .json("/data/status", "failed");

    route("POST", "/api/scripts/async/slow.sh/execute")
        .as(GUEST)
        .expect(401)
        .as(USER)
        .expect(403)
        .as(SUPERUSER)
        .expect(202)
        .json("status", "running")
        .keep("slow", "id");
    route("GET", "/api/scripts/async/{slow}")
        .as(SUPERUSER)
        .expect(200)
        .json("status", "running")
        .json("scriptName", "slow.sh")
        .excludes("finishedAt", "output", "error")
        .as(GUEST)
        .expect(404)
        .json("message", "Job not found.")
        .as(USER)
        .expect(404)
        .as(OTHER)
        .expect(404);
    route("DELETE", "/api/admin/scripts/slowsh").as(SUPERUSER).expect(200);
    route("GET", "/api/scripts/async/00000000-0000-7000-8000-000000000000")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Job not found.");

    route("PUT", "/api/admin/scripts/node-js")
        .as(SUPERUSER)
        .body("{\"enabled\":false}")
        .expect(404);
    route("PUT", "/api/admin/scripts/nodejs").as(SUPERUSER).body("{\"enabled\":false}").expect(200);
    route("POST", "/api/scripts/node.js/execute")
        .as(SUPERUSER)
        .expect(400)
        .json("message", "Script is disabled.");
  }
}

package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.BASIC;
import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** Shell commands: run at once or in the background, and what became of them. */
class CommandRoutesTest extends HttpScenarios {
  private static final String COMMAND = "/api/scripts/command";
  private static final String RUNS = "/api/admin/scripts/runs";
  private static final String NOWHERE = "00000000-0000-7000-8000-000000000000";

  private static String command(String text) {
    return "{\"command\":\"" + text + "\"}";
  }

  private Scenario command() {
    return route("POST", COMMAND);
  }

  {
    command()
        .as(GUEST)
        .body(command("echo hi"))
        .expect(401)
        .json("message", "The request requires valid record authorization token.")
        .as(USER)
        .body(command("echo hi"))
        .expect(403)
        .json("message", "The authorized record is not allowed to perform this action.")
        .as(SUPERUSER)
        .body("")
        .expect(400)
        .json("message", "Command is required.")
        .as(SUPERUSER)
        .body(command(" \\n\\t"))
        .expect(400)
        .json("message", "Command is required.")
        .as(SUPERUSER)
        .body("{\"command\":null}")
        .expect(400)
        .json("message", "Command is required.")
        .as(SUPERUSER)
        .body("{\"command\":[\"echo\"]}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"command\":\"echo\",\"async\":\"perhaps\"}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body(command("echo a\\u0000b"))
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body(command("#" + "x".repeat(1 << 20)))
        .expect(400)
        .json("message", "Command is longer than 1048576 bytes.");

    // As a shell does it: trimmed, raw output, both streams as they come.
    command()
        .as(SUPERUSER)
        .body(command("  echo hi \\n"))
        .expect(200)
        .json("output", "hi\n")
        .json("stdout", "hi\n")
        .json("stderr", "")
        .as(SUPERUSER)
        .body("{\"command\":\"pwd | sed 's,.*/,,'; printf '%s' \\\"$0\\\" ${#EXECUTE_PATH}x*y\"}")
        .expect(200, "functions\\nbash")
        .as(SUPERUSER)
        .body(command("echo one; echo two >&2; echo three"))
        .expect(200, "two\\n")
        .json("stdout", "one\nthree\n")
        .json("stderr", "two\n")
        .as(SUPERUSER)
        .body(command("cat; shopt -q login_shell || echo no login"))
        .expect(200)
        .json("output", "no login\n")
        .as(SUPERUSER)
        .body(command("-x; echo after"))
        .expect(200)
        .json("stdout", "after\n")
        .as(SUPERUSER)
        .body(command("printf '\\\\xff\\\\xc3\\\\xa4'"))
        .expect(200)
        .json("output", "\ufffdä")
        .as(SUPERUSER)
        .body(command("env | grep -c -e ADMIN_PASSWORD -e RUNNEL_DATA"))
        .expect(500)
        .json("/data/output", "0\n");
    // Longer than an argument may be.
    command()
        .as(SUPERUSER)
        .body(
            command(
                ": "
                    + "ä".repeat(100_000)
                    + "; echo ${#_}; false\\ntrap 'echo bye' EXIT; echo $0"
                    + " $# $PWD | sed 's, .*/, ,'"))
        .expect(200)
        .json("stderr", "")
        .json("stdout", "100000\nbash functions\nbye\n");

    command()
        .as(SUPERUSER)
        .body(command("echo out; echo err >&2; exit 3"))
        .expect(500)
        .json("message", "Failed to execute command.")
        .json("status", 500)
        .json("/data/stdout", "out\n")
        .json("/data/stderr", "err\n")
        .json("/data/exitCode", 3)
        .json("/data/error", "exit status 3")
        .json("/data/status", "failed")
        .keepHeader("failed", "X-Run-Id");
    route("GET", COMMAND + "/{failed}")
        .as(SUPERUSER)
        .expect(200)
        .json("id", "{failed}")
        .json("command", "echo out; echo err >&2; exit 3")
        .json("status", "error")
        .json("error", "exit status 3")
        .json("exitCode", 3)
        .json("stdout", "out\n");

    // In the background.
    command()
        .as(SUPERUSER)
        .body("{\"command\":\"echo begun; sleep 30\",\"async\":true}")
        .expect(200)
        .json("status", "running")
        .keep("slow", "id");
    for (var path : new String[] {"/{slow}", "/status/{slow}"}) {
      route("GET", COMMAND + path)
          .as(GUEST)
          .expect(401)
          .as(USER)
          .expect(403)
          .as(SUPERUSER)
          .expect(200)
          .json("id", "{slow}")
          .json("command", "echo begun; sleep 30")
          .json("status", "running")
          .excludes("finishedAt", "output", "error");
    }
    route("POST", RUNS + "/{slow}/cancel").as(SUPERUSER).expect(202);
    route("GET", RUNS + "/{slow}/stream").as(SUPERUSER).expect(200, "event: done");
    route("POST", COMMAND + "/status")
        .as(SUPERUSER)
        .body("{\"id\":\" {slow} \"}")
        .expect(200)
        .json("id", "{slow}")
        .json("status", "error")
        .json("output", "begun\n")
        .json("error", "canceled")
        .as(SUPERUSER)
        .body("{\"id\":\"" + NOWHERE + "\"}")
        .expect(404)
        .json("message", "Command not found.")
        .as(SUPERUSER)
        .body("{\"id\":\"\"}")
        .expect(400)
        .json("message", "Id is required.")
        .as(SUPERUSER)
        .body("")
        .expect(400)
        .json("message", "Id is required.");
    command()
        .as(SUPERUSER)
        .header("Prefer", "wait=20")
        .body("{\"command\":\"echo done\",\"async\":true}")
        .expect(200)
        .answers("Preference-Applied", "wait=20")
        .json("status", "done")
        .json("output", "done\n")
        .json("exitCode", 0)
        .excludes("error");

    // A run like every other: once for its key, at the admin door, and again.
    command()
        .as(SUPERUSER)
        .header("Idempotency-Key", "once")
        .body(command("date +%s%N # a longer line: " + "-".repeat(100)))
        .expect(200)
        .keep("date", "output")
        .keepHeader("first", "X-Run-Id")
        .as(SUPERUSER)
        .header("Idempotency-Key", "once")
        .body(command("date +%s%N # a longer line: " + "-".repeat(100)))
        .expect(200)
        .json("output", "{date}")
        .answers("Idempotency-Replayed", "true")
        .answers("X-Run-Id", "{first}")
        .as(SUPERUSER)
        .header("Prefer", "wait=0")
        .body(command("true"))
        .expect(202)
        .json("status", "running");
    route("GET", RUNS + "/{first}")
        .as(BASIC)
        .expect(200)
        .json("/item/scriptId", null)
        .json("/item/script/type", "command")
        .json("/item/timeoutMs", 20_000)
        .json("/item/script/codeIdentifier", "command")
        .json("/item/script/name", "date +%s%N # a longer line: " + "-".repeat(72) + "…")
        .json("/item/trigger", "api")
        .json("/item/meta/door", "bosbase")
        .json("/item/stdoutTail", "{date}");
    route("GET", RUNS).as(BASIC).expect(200, "{first}");
    route("GET", RUNS + "/{failed}/search?q=err").as(BASIC).expect(200);
    route("GET", RUNS + "/{failed}/download").as(BASIC).expect(200, "out");
    route("POST", RUNS + "/{failed}/rerun")
        .as(BASIC)
        .header("Prefer", "wait=20")
        .expect(200)
        .json("/item/stdoutTail", "out\n")
        .json("/item/exitCode", 3)
        .json("/item/meta/rerunOf", "{failed}")
        .keep("again", "runId");
    route("GET", COMMAND + "/{again}")
        .as(SUPERUSER)
        .expect(200)
        .json("command", "echo out; echo err >&2; exit 3");

    // Ids of one kind are none of another.
    route("GET", "/api/scripts/async/{first}")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Job not found.");
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .body("{\"name\":\"command\",\"content\":\"print(1)\"}")
        .expect(201);
    route("POST", "/api/scripts/command/execute")
        .as(SUPERUSER)
        .expect(200)
        .json("output", "1\n")
        .keepHeader("script", "X-Run-Id");
    route("GET", "/api/scripts/async/{script}").as(SUPERUSER).expect(200).json("status", "done");
    route("GET", COMMAND + "/{script}")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Command not found.");
    route("GET", COMMAND + "/none").as(SUPERUSER).expect(404);

    // Nobody stores one.
    route("POST", "/api/admin/scripts")
        .as(BASIC)
        .body("{\"name\":\"c\",\"codeIdentifier\":\"c\",\"type\":\"command\",\"script\":\"true\"}")
        .expect(400)
        .json("error", "type must be one of bash, node, python, browser");
    route("GET", "/api/admin/scripts?type=command").as(BASIC).expect(400);
  }
}

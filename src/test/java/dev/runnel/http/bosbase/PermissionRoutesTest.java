package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** Who may execute what, as superusers say it. */
class PermissionRoutesTest extends HttpScenarios {
  private static final String PATH = "/api/script-permissions";

  private static String permission(String name, String content) {
    return "{\"script_name\":\"" + name + "\",\"content\":\"" + content + "\"}";
  }

  private void script(String name) {
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .body("{\"name\":\"" + name + "\",\"content\":\"echo hi\"}")
        .expect(201)
        .keep(name, "id");
  }

  {
    route("POST", PATH)
        .as(SUPERUSER)
        .body("{\"content\":\"user\"}")
        .expect(400)
        .json("message", "Script_name is required.")
        .as(SUPERUSER)
        .body(permission(" ", ""))
        .expect(400)
        .json("message", "Script_name is required.")
        .as(SUPERUSER)
        .body("{\"script_name\":\"a.sh\",\"content\":null}")
        .expect(400)
        .json("message", "Content is required.")
        .as(SUPERUSER)
        .body(permission("a.sh", "everybody"))
        .expect(400)
        .json("message", "Invalid content value.")
        .as(SUPERUSER)
        .body("{\"script_name\":1,\"content\":\"user\"}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .body("{\"script_name\":\"a.sh\",\"content\":\"user\",\"script_id\":\"x\"}")
        .expect(400)
        .json("message", "Script_id must be the id of a script.");
    for (var bad :
        new String[] {"..", "../a.wasm", "a/../../b", "/a", "-a", "./-a", "a\\u0001b", "."}) {
      route("POST", PATH).as(SUPERUSER).body(permission(bad, "user")).expect(400, "EXECUTE_PATH");
    }
    route("POST", PATH)
        .as(SUPERUSER)
        .body(permission("x".repeat(256), "user"))
        .expect(400)
        .as(SUPERUSER)
        .body(permission("sub/./fib.wasm", "anonymous"))
        .expect(201)
        .json("scriptName", "sub/fib.wasm")
        .as(SUPERUSER)
        .body(permission(" later.sh ", " USER "))
        .expect(201)
        .json("scriptName", "later.sh")
        .json("content", "user")
        .json("version", 1)
        .excludes("scriptId")
        .keep("later", "id")
        .as(SUPERUSER)
        .body(permission("later.sh", "anonymous"))
        .expect(200)
        .json("id", "{later}")
        .json("content", "anonymous")
        .json("version", 2);
    route("GET", PATH + "/later.sh").as(SUPERUSER).expect(200).excludes("scriptId");
    script("later.sh");
    route("GET", PATH + "/later.sh")
        .as(SUPERUSER)
        .expect(200)
        .json("scriptId", "{later.sh}")
        .json("version", 2)
        .as(GUEST)
        .expect(401)
        .json("message", Errors.TOKEN_REQUIRED)
        .as(USER)
        .expect(403);
    route("GET", PATH + "/sub%2Ffib.wasm").as(SUPERUSER).expect(200);
    route("GET", PATH + "/Later.sh")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Permission not found.");
    route("GET", PATH)
        .as(SUPERUSER)
        .expect(200)
        .json("/items/0/scriptName", "later.sh")
        .json("/items/1/scriptName", "sub/fib.wasm");

    script("known.sh");
    route("POST", PATH)
        .as(SUPERUSER)
        .body(permission("known.sh", "superuser"))
        .expect(201)
        .json("scriptId", "{known.sh}");
    route("PATCH", PATH + "/known.sh")
        .as(SUPERUSER)
        .body("{}")
        .expect(400)
        .json("message", "At least one field must be provided.")
        .as(SUPERUSER)
        .body("{\"script_name\":null}")
        .expect(400)
        .json("message", "At least one field must be provided.")
        .as(SUPERUSER)
        .body("{\"script_name\":\" \"}")
        .expect(400)
        .json("message", "Script_name cannot be empty.")
        .as(SUPERUSER)
        .body("{\"content\":\"\"}")
        .expect(400)
        .json("message", "Invalid content value.")
        .as(SUPERUSER)
        .body("{\"script_name\":\"later.sh\"}")
        .expect(400)
        .json("message", "Permission already exists for this script.")
        .as(SUPERUSER)
        .body("{\"script_id\":\"\"}")
        .expect(200)
        .json("scriptId", "{known.sh}")
        .json("version", 2)
        .as(SUPERUSER)
        .body("{\"content\":\"User\"}")
        .expect(200)
        .json("content", "user")
        .json("version", 3)
        .as(SUPERUSER)
        .body("{\"script_name\":\"other.sh\"}")
        .expect(200)
        .json("scriptName", "other.sh")
        .json("scriptId", "{known.sh}")
        .json("version", 4)
        .as(SUPERUSER)
        .body("{\"content\":\"user\"}")
        .expect(404)
        .json("message", "Permission not found.");

    // No permission names the script; the one that knows its id holds.
    route("POST", "/api/scripts/known.sh/execute").as(USER).expect(200).as(GUEST).expect(401);
    route("DELETE", PATH + "/other.sh").as(SUPERUSER).expect(204).is("");
    route("POST", "/api/scripts/known.sh/execute").as(USER).expect(403);
    route("DELETE", PATH + "/other.sh")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Permission not found.");

    // A script that comes back under its old name is nobody's but superusers'.
    route("POST", "/api/scripts/later.sh/execute").as(GUEST).expect(200).json("output", "hi\n");
    route("DELETE", "/api/scripts/later.sh").as(SUPERUSER).expect(204);
    route("GET", PATH + "/later.sh").as(SUPERUSER).expect(404);
    script("later.sh");
    route("POST", "/api/scripts/later.sh/execute").as(GUEST).expect(401).as(USER).expect(403);
  }
}

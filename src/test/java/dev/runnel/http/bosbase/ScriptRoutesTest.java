package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;
import static dev.runnel.http.HttpScenarios.Who.USER;

import dev.runnel.http.HttpScenarios;

/** The registry in the BosBase dialect. */
class ScriptRoutesTest extends HttpScenarios {
  private static final String GUEST_TEXT = "The request requires valid record authorization token.";
  private static final String USER_TEXT =
      "The authorized record is not allowed to perform this action.";

  {
    route("POST", "/api/scripts")
        .as(GUEST)
        .body("{\"name\":\"a.py\",\"content\":\"1\"}")
        .expect(401, GUEST_TEXT)
        .as(USER)
        .body("{\"name\":\"a.py\",\"content\":\"1\"}")
        .expect(403, USER_TEXT)
        .as(GUEST)
        .body("{")
        .expect(401)
        .as(SUPERUSER)
        .body("")
        .expect(400)
        .json("message", "Script name is required.")
        .as(SUPERUSER)
        .body("{\"name\":\"  \",\"content\":\"1\"}")
        .expect(400)
        .json("message", "Script name is required.")
        .json("status", 400)
        .jsonText("data", "{}")
        .as(SUPERUSER)
        .body("{\"name\":\"a/b\",\"content\":\"1\"}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"name\":\"-c\",\"content\":\"1\"}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"name\":\"a\\u0000b\",\"content\":\"1\"}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"name\":\"" + "é".repeat(65) + "\",\"content\":\"1\"}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"name\":\"a.py\",\"content\":\" \\n\"}")
        .expect(400)
        .json("message", "Script content is required.")
        .as(SUPERUSER)
        .body("{\"name\":\"a.py\",\"content\":\"" + "x".repeat(1 << 20) + "x\"}")
        .expect(400)
        .json("message", "The script is longer than 1048576 bytes.")
        .as(SUPERUSER)
        .body("{\"name\":\" hello.py \",\"content\":\" print('hé')\\n\",\"description\":\" d \"}")
        .expect(201)
        .json("name", "hello.py")
        .json("content", " print('hé')\n")
        .json("description", "d")
        .json("version", 1)
        .as(SUPERUSER)
        .body("{\"name\":\"hello.py\",\"content\":\"2\"}")
        .expect(400)
        .json("message", "Script already exists.")
        .as(SUPERUSER)
        .body("{\"name\":\"Hello.py\",\"content\":\"2\",\"description\":null}")
        .expect(201)
        .excludes("description")
        .as(SUPERUSER)
        .body("{\"name\":\"dé:1\",\"content\":\"2\",\"other\":[1]}")
        .expect(201)
        .as(SUPERUSER)
        .body("name=x&content=1")
        .type("text/plain")
        .expect(400)
        .json("message", Errors.LOADING);

    route("GET", "/api/scripts")
        .as(GUEST)
        .expect(401, GUEST_TEXT)
        .as(USER)
        .expect(403, USER_TEXT)
        .as(SUPERUSER)
        .expect(200)
        .json("/items/0/name", "Hello.py")
        .json("/items/1/name", "dé:1")
        .json("/items/2/name", "hello.py")
        .answers("Content-Type", "application/json")
        .answers("X-Content-Type-Options", "nosniff")
        .answers("X-Frame-Options", "SAMEORIGIN")
        .answers("X-XSS-Protection", "1; mode=block");

    route("GET", "/api/scripts/hello.py")
        .as(GUEST)
        .expect(401, GUEST_TEXT)
        .as(USER)
        .expect(403, USER_TEXT)
        .as(SUPERUSER)
        .expect(200)
        .json("description", "d");
    route("GET", "/api/scripts/h%65llo.py").as(SUPERUSER).expect(200).json("name", "hello.py");
    route("GET", "/api/scripts/d%C3%A9%3A1").as(SUPERUSER).expect(200).json("name", "dé:1");
    route("GET", "/api/scripts/hello.py.py")
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Script not found.");
    route("GET", "/api/scripts/a%2Fb%20c.py").as(SUPERUSER).expect(400).json("status", 400);
    route("GET", "/api/scripts/a%00b").as(SUPERUSER).expect(400).json("status", 400);
    route("GET", "/api/scripts/%ff").as(SUPERUSER).expect(400).json("status", 400);

    route("PATCH", "/api/scripts/hello.py")
        .as(GUEST)
        .body("{\"content\":\"2\"}")
        .expect(401, GUEST_TEXT)
        .as(USER)
        .body("{\"content\":\"2\"}")
        .expect(403, USER_TEXT)
        .as(SUPERUSER)
        .body("{}")
        .expect(400)
        .json("message", "At least one of content or description must be provided.")
        .as(SUPERUSER)
        .body("")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"content\":null}")
        .expect(400)
        .as(SUPERUSER)
        .body("{\"content\":\"\"}")
        .expect(400)
        .json("message", "Script content cannot be empty.")
        .as(SUPERUSER)
        .body("{\"content\":\"print(2)\"}")
        .expect(200)
        .json("version", 2)
        .json("description", "d")
        .as(SUPERUSER)
        .body("{\"content\":\"print(2)\"}")
        .expect(200)
        .json("version", 3)
        .as(SUPERUSER)
        .body("{\"description\":\"\"}")
        .expect(200)
        .json("version", 4)
        .excludes("description")
        .json("content", "print(2)");
    route("PATCH", "/api/scripts/missing")
        .as(SUPERUSER)
        .body("{\"content\":\"1\"}")
        .expect(404)
        .json("message", "Script not found.")
        .as(SUPERUSER)
        .body("{}")
        .expect(400)
        .as(GUEST)
        .body("{}")
        .expect(401);

    route("DELETE", "/api/scripts/Hello.py")
        .as(GUEST)
        .expect(401, GUEST_TEXT)
        .as(USER)
        .expect(403, USER_TEXT)
        .as(SUPERUSER)
        .expect(204)
        .as(SUPERUSER)
        .expect(404)
        .json("message", "Script not found.");

    for (var method : new String[] {"PUT", "DELETE", "PATCH"}) {
      route(method, "/api/scripts")
          .as(SUPERUSER)
          .expect(404)
          .json("message", "The requested resource wasn't found.");
    }
    route("GET", "/").as(GUEST).expect(404);
    route("GET", "/api/scripts/hello.py/x/y/z").as(GUEST).expect(404);
    route("GET", "/api/%zz").as(GUEST).expect(404);
    route("GET", "/api/scripts?x=%zz").as(SUPERUSER).expect(400);
  }
}

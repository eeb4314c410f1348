package dev.runnel.http.bosbase;

import static dev.runnel.http.HttpScenarios.Who.GUEST;
import static dev.runnel.http.HttpScenarios.Who.SUPERUSER;

import dev.runnel.http.HttpScenarios;
import java.nio.charset.StandardCharsets;

/** Bodies that are forms instead of JSON. */
class FormBodyTest extends HttpScenarios {
  private static final String URL_ENCODED = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/form-data; boundary=\"x y\"";

  private static byte[] multipart(String... namesAndValues) {
    var body = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      body.append("--x y\r\nContent-Disposition: form-data; name=\"")
          .append(namesAndValues[i])
          .append("\"\r\n\r\n")
          .append(namesAndValues[i + 1])
          .append("\r\n");
    }
    return body.append("--x y--\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String file(String name) {
    return name + "\"; filename=\"" + name;
  }

  {
    route("POST", "/api/scripts")
        .as(SUPERUSER)
        .type(URL_ENCODED + "; charset=UTF-8")
        .body("name=form.py&content=import+sys%0Aprint(*sys.argv[1:],+sep='|')&description=d%C3%A9")
        .expect(201)
        .json("content", "import sys\nprint(*sys.argv[1:], sep='|')")
        .json("description", "dé")
        .as(SUPERUSER)
        .type(MULTIPART)
        .body(multipart("name", "é.py", "content", "1\r\n--x\r\n", "other", "1"))
        .expect(201)
        .json("name", "é.py")
        .json("content", "1\r\n--x\r\n")
        .as(SUPERUSER)
        .type(MULTIPART)
        .body(
            multipart(
                "name", "first.py", "name", "second.py", file("content"), "f", "content", "2"))
        .expect(201)
        .json("name", "first.py")
        .json("content", "2")
        .as(SUPERUSER)
        .type(MULTIPART)
        .body(
            multipart(
                "@jsonPayload",
                "{\"name\":\"payload.py\",\"description\":null}",
                "name",
                "loses.py",
                "@jsonPayload",
                "{\"content\":\"3\"}"))
        .expect(201)
        .json("name", "payload.py")
        .json("content", "3")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("@jsonPayload=%7B%22name%22%3A1%7D&content=x")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("@jsonPayload=[1]")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("name=n.py&content=%00")
        .expect(400)
        .is("{\"data\":{},\"message\":\"" + Errors.LOADING + "\",\"status\":400}")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("name=n.py&content=%zz")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type(MULTIPART)
        .body("--x y\r\n")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type("multipart/form-data")
        .body(multipart("name", "n.py"))
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type("multipart/mixed; boundary=\"x y\"")
        .body(multipart("name", "n.py"))
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type("text/plain")
        .body("{}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(SUPERUSER)
        .type("")
        .body("{}")
        .expect(400)
        .json("message", Errors.LOADING)
        .as(GUEST)
        .type(MULTIPART)
        .body("broken")
        .expect(401);
    for (var type :
        new String[] {URL_ENCODED, MULTIPART, "multipart/form-data", "text/plain", ""}) {
      route("POST", "/api/scripts")
          .as(SUPERUSER)
          .type(type)
          .body("")
          .expect(400)
          .json("message", "Script name is required.");
    }

    route("POST", "/api/scripts/form.py/execute")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("arguments=a+b&arguments=2&arguments=true")
        .expect(200)
        .json("output", "a b|2|true\n")
        .as(SUPERUSER)
        .type(MULTIPART)
        .body(multipart("arguments", "one"))
        .expect(200)
        .json("output", "one\n")
        .as(SUPERUSER)
        .type(MULTIPART)
        .body(multipart("@jsonPayload", "{\"arguments\":[\"1\",2]}"))
        .expect(200)
        .json("output", "1|2\n")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("")
        .expect(200)
        .json("output", "\n");

    route("PATCH", "/api/scripts/form.py")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("description=" + "x".repeat(100_000))
        .expect(200)
        .json("version", 2);

    // The same form under another boundary is the same start.
    route("POST", "/api/scripts/async/form.py/execute")
        .as(SUPERUSER)
        .type("multipart/form-data; boundary=A")
        .header("Idempotency-Key", "form")
        .body("--A\r\nContent-Disposition: form-data; name=args\r\n\r\n1\r\n--A--")
        .expect(202)
        .keep("run", "id")
        .as(SUPERUSER)
        .type("multipart/form-data; boundary=B")
        .header("Idempotency-Key", "form")
        .body("--B\r\nContent-Disposition: form-data; name=args\r\n\r\n1\r\n--B--")
        .expect(202)
        .json("id", "{run}")
        .answers("Idempotency-Replayed", "true")
        .as(SUPERUSER)
        .type("multipart/form-data; boundary=B")
        .header("Idempotency-Key", "form")
        .body("--B\r\nContent-Disposition: form-data; name=args\r\n\r\n2\r\n--B--")
        .expect(409);

    route("POST", "/api/collections/users/auth-with-password")
        .as(GUEST)
        .type(URL_ENCODED)
        .body("identity=user@example.com&password=correct%3Ahorse+battery")
        .expect(200)
        .json("/record/email", "user@example.com")
        .as(GUEST)
        .type(URL_ENCODED)
        .body("identity=&password=")
        .expect(400)
        .json("/data/identity/code", "validation_required");

    // The admin door takes JSON only.
    route("POST", "/api/admin/scripts")
        .as(SUPERUSER)
        .type(URL_ENCODED)
        .body("name=x&type=bash&script=true")
        .expect(400, "application/json");
  }
}

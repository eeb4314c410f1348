// A page of another origin, as a browser lets it act: a preflight where the rules ask for one, and
// answers that the page may read only when the service says so.
import assert from "node:assert/strict";
import { end, identity, password, step, url } from "./steps.mjs";

const ORIGIN = "https://app.example.com";
const SIMPLE_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
const unique = `${Date.now()}${process.pid}`;

/** fetch as the page calls it; throws where a browser would. */
async function page(path, { method = "GET", headers = {}, body } = {}) {
  const needing = Object.entries(headers)
    .filter(([name, value]) => !isSimple(name.toLowerCase(), value))
    .map(([name]) => name.toLowerCase())
    .sort();
  if (needing.length > 0 || !["GET", "HEAD", "POST"].includes(method)) {
    await preflight(path, method, needing);
  }
  const answer = await fetch(url + path, {
    method,
    headers: { Origin: ORIGIN, "Sec-Fetch-Site": "cross-site", ...headers },
    body,
  });
  readable(answer);
  return answer;
}

function isSimple(name, value) {
  return name === "content-type" && SIMPLE_TYPES.includes(value.split(";")[0]);
}

async function preflight(path, method, names) {
  const answer = await fetch(url + path, {
    method: "OPTIONS",
    headers: {
      Origin: ORIGIN,
      "Access-Control-Request-Method": method,
      ...(names.length > 0 && { "Access-Control-Request-Headers": names.join(",") }),
    },
  });
  readable(answer);
  assert.equal(answer.status, 204);
  assert.equal(await answer.text(), "");
  assert.ok(
    listed(answer, "access-control-allow-methods").includes(method.toLowerCase()),
    `preflight of ${method}`,
  );
  const allowed = listed(answer, "access-control-allow-headers");
  assert.deepEqual(
    names.filter((name) => !allowed.includes(name)),
    [],
  );
  return answer;
}

function listed(answer, header) {
  return (answer.headers.get(header) ?? "").toLowerCase().split(/\s*,\s*/);
}

function readable(answer) {
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("access-control-allow-credentials"), null);
  assert.match(answer.headers.get("vary") ?? "", /\borigin\b/i);
}

const json = { "Content-Type": "application/json" };
let token;
let authorized;
const name = `page-${unique}.py`;
const here = `/api/scripts/${name}`;

await step("a page logs in", async () => {
  const answer = await page("/api/collections/_superusers/auth-with-password", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ identity, password }),
  });
  assert.equal(answer.status, 200);
  ({ token } = await answer.json());
  authorized = { ...json, Authorization: token };
});

await step("a page creates, changes, runs, reads", async () => {
  const content = "import sys\nprint(sys.argv[1:])\n";
  const created = await page("/api/scripts", {
    method: "POST",
    headers: authorized,
    body: JSON.stringify({ name, content }),
  });
  assert.equal(created.status, 201);
  const changed = await page(here, {
    method: "PATCH",
    headers: authorized,
    body: '{"description":"d"}',
  });
  assert.equal((await changed.json()).version, 2);
  const ran = await page(`${here}/execute`, {
    method: "POST",
    headers: authorized,
    body: '{"arguments":["1"]}',
  });
  assert.equal((await ran.json()).output, "['1']\n");
  const read = await page(here, { headers: authorized });
  assert.equal((await read.json()).description, "d");
});

await step("errors can be read by a page as well", async () => {
  for (const [path, options, status] of [
    ["/api/scripts", {}, 401],
    ["/api/scripts/missing.py", { headers: authorized }, 404],
    ["/api/nothing", {}, 404],
    ["/api/scripts", { method: "POST", headers: authorized, body: "{" }, 400],
    [`${here}/execute/sse`, {}, 401],
  ]) {
    const answer = await page(path, options);
    assert.equal(answer.status, status);
    const { status: told, message, data } = await answer.json();
    assert.deepEqual({ told, data }, { told: status, data: {} });
    assert.match(message, /^[A-Z].*[.?!]$/);
  }
});

await step("a preflight names all methods and any header, for any path", async () => {
  const names = ["authorization", "content-type", "x-own"];
  for (const path of ["/api/scripts", `${here}/execute`, "/api/nothing"]) {
    for (const method of ["PUT", "PATCH", "DELETE", "POST"]) {
      await preflight(path, method, names);
    }
  }
});

await step("every answer has the headers that protect", async () => {
  for (const path of ["/api/health", "/api/scripts", "/api/nothing"]) {
    const { headers } = await fetch(url + path);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
    assert.equal(headers.get("x-xss-protection"), "1; mode=block");
  }
});

await step(
  "?token= instead of a header, without a preflight; a bad header is not made up for by it",
  async () => {
    const query = `?token=${token}`;
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const ran = await page(`${here}/execute${query}`, {
      method: "POST",
      headers: form,
      body: "arguments=a&arguments=b+c%26",
    });
    assert.equal((await ran.json()).output, "['a', 'b c&']\n");
    assert.equal((await fetch(`${url}${here}${query}`)).status, 200);
    assert.equal(
      (await fetch(`${url}${here}${query}`, { headers: { Authorization: "bad" } })).status,
      401,
    );
    assert.equal((await fetch(`${url}${here}?token=bad`)).status, 401);
  },
);

await step("the cookie pb_auth; what it changes has to come from the own site", async () => {
  const Cookie = `pb_auth=${encodeURIComponent(JSON.stringify({ token, record: { id: "1" } }))}`;
  const own = { Cookie, Origin: url, "Sec-Fetch-Site": "same-origin" };
  const foreign = { Cookie, Origin: ORIGIN, "Sec-Fetch-Site": "cross-site" };
  const run = (headers) => fetch(`${url}${here}/execute`, { method: "POST", headers });
  assert.equal((await fetch(`${url}${here}`, { headers: own })).status, 200);
  assert.equal((await run(own)).status, 200);
  assert.equal((await run(foreign)).status, 403);
  assert.equal(
    (await fetch(`${url}${here}`, { headers: { Cookie: "pb_auth=nonsense" } })).status,
    401,
  );
});

await step("a form of a page: multipart, with a JSON part", async () => {
  const form = new FormData();
  form.append("@jsonPayload", '{"arguments":["from JSON"]}');
  const ran = await fetch(`${url}${here}/execute`, {
    method: "POST",
    headers: { Authorization: token },
    body: form,
  });
  assert.equal((await ran.json()).output, "['from JSON']\n");
});

await step("another kind of body is a 400", async () => {
  const headers = { Authorization: token, "Content-Type": "text/plain" };
  const answer = await fetch(`${url}/api/scripts`, {
    method: "POST",
    headers,
    body: '{"name":"x","content":"x"}',
  });
  assert.equal(answer.status, 400);
  assert.equal(
    (await answer.json()).message,
    "An error occurred while loading the submitted data.",
  );
});

await step("fields keeps what is asked for, of answers that are no errors", async () => {
  const ran = await fetch(`${url}${here}/execute?fields=output`, {
    method: "POST",
    headers: { Authorization: token },
  });
  assert.deepEqual(await ran.json(), { output: "[]\n" });
  const list = await fetch(`${url}/api/scripts?fields=items.name,items.version`, {
    headers: { Authorization: token },
  });
  for (const item of (await list.json()).items) {
    assert.deepEqual(Object.keys(item).sort(), ["name", "version"]);
  }
  const error = await fetch(`${url}/api/scripts/missing.py?fields=name`, {
    headers: { Authorization: token },
  });
  assert.equal((await error.json()).message, "Script not found.");
});

await step("HEAD of the health", async () => {
  const answer = await fetch(`${url}/api/health`, { method: "HEAD" });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "");
});

await step(
  "a name with every character that a path needs escaped is refused the same on every route",
  async () => {
    const path = `/api/scripts/${encodeURIComponent("a/b c.py")}`;
    for (const [method, suffix] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/execute"],
    ]) {
      const answer = await fetch(url + path + suffix, {
        method,
        headers: { Authorization: token },
      });
      assert.equal(answer.status, 400);
    }
  },
);

end();

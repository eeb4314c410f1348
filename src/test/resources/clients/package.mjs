// The published package: logins, users, rights, errors. It has no script calls, so scripts are
// reached by pb.send, as everybody but a superuser has to anyway.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import BosBase, { ClientResponseError } from "bosbase";
import {
  end,
  eventually,
  executePath,
  failure,
  identity,
  password,
  refused,
  step,
  url,
} from "./steps.mjs";

const TOKEN_NEEDED = "The request requires valid record authorization token.";
const GUEST_REFUSED = "The request requires superuser or allowed user authorization token.";
const NOT_ALLOWED = "You are not allowed to execute this script.";
const BAD_BODY = "An error occurred while loading the submitted data.";
const unique = `${Date.now()}${process.pid}`;
const users = ["ann", "bob"].map((name) => `${name}-${unique}@example.com`);
const secret = "a long enough password";

const superuser = new BosBase(url);
const ann = new BosBase(url);
const bob = new BosBase(url);
const guest = new BosBase(url);

function post(pb, path, body, options) {
  return pb.send(path, { method: "POST", body, requestKey: null, ...options });
}

const execute = (pb, name, body) => post(pb, `/api/scripts/${name}/execute`, body);

async function script(name, content) {
  const full = `${name}-${unique}.py`;
  await post(superuser, "/api/scripts", { name: full, content });
  return full;
}

const permit = (name, content) =>
  post(superuser, "/api/script-permissions", { script_name: name, content });

await step("health.check()", async () => {
  const { code, message, data } = await guest.health.check();
  assert.deepEqual({ code, message, data }, { code: 200, message: "API is healthy.", data: {} });
});

await step("a superuser logs in", async () => {
  const { record } = await superuser.collection("_superusers").authWithPassword(identity, password);
  assert.equal(record.email, identity);
  assert.ok(superuser.authStore.isValid);
  assert.ok(superuser.authStore.isSuperuser);
});

await step("wrong, empty and misplaced credentials", async () => {
  const login = (collection, ...pair) => guest.collection(collection).authWithPassword(...pair);
  await refused(login("_superusers", identity, "wrong"), 400, "Failed to authenticate.");
  await refused(login("users", identity, password), 400, "Failed to authenticate.");
  await refused(
    login("nothing", identity, password),
    404,
    "Missing or invalid collection context.",
  );
  const blank = { code: "validation_required", message: "Cannot be blank." };
  const invalid = "An error occurred while validating the submitted data.";
  await refused(login("users", "", ""), 400, invalid, { identity: blank, password: blank });
  assert.equal(guest.authStore.isValid, false);
});

await step("authRefresh() gives another token; the first one still holds", async () => {
  const before = superuser.authStore.token;
  const { token, record } = await superuser.collection("_superusers").authRefresh();
  assert.notEqual(token, before);
  assert.equal(record.email, identity);
  assert.equal(superuser.authStore.token, token);
  await superuser.send("/api/scripts", { headers: { Authorization: before } });
});

await step("a login with autoRefreshThreshold refreshes before the next call", async () => {
  const pb = new BosBase(url);
  const tenYears = 10 * 365 * 24 * 3600;
  const options = { autoRefreshThreshold: tenYears };
  const { token } = await pb
    .collection("_superusers")
    .authWithPassword(identity, password, options);
  await pb.send("/api/scripts", {});
  assert.notEqual(pb.authStore.token, token);
  assert.ok(pb.authStore.isSuperuser);
});

await step("guests create users", async () => {
  for (const email of users) {
    const record = await guest
      .collection("users")
      .create({ email, password: secret, passwordConfirm: secret, name: "Somebody" });
    assert.equal(record.collectionName, "users");
    assert.equal(record.name, "Somebody");
    assert.equal(record.verified, false);
    assert.equal(record.email, undefined);
    assert.equal(record.password, undefined);
    assert.equal(record.tokenKey, undefined);
  }
});

await step("what is wrong with a new user is said for each field", async () => {
  const create = (body) => guest.collection("users").create(body);
  const failed = "Failed to create record.";
  const good = { email: `new-${unique}@example.com`, password: secret, passwordConfirm: secret };
  const field = (name, code, message) => ({ [name]: { code, message } });
  await refused(
    create({ ...good, passwordConfirm: "another" }),
    400,
    failed,
    field("passwordConfirm", "validation_values_mismatch", "Values don't match."),
  );
  await refused(
    create({ ...good, email: "nobody" }),
    400,
    failed,
    field("email", "validation_is_email", "Must be a valid email address."),
  );
  await refused(
    create({ ...good, password: "short", passwordConfirm: "short" }),
    400,
    failed,
    field("password", "validation_min_text_constraint", "Must be at least 8 character(s)."),
  );
  await refused(
    create({ ...good, email: users[0] }),
    400,
    failed,
    field("email", "validation_not_unique", "Value must be unique."),
  );
  await refused(
    guest.collection("_superusers").create(good),
    403,
    "Only superusers can perform this action.",
  );
});

await step("a user logs in and refreshes", async () => {
  for (const [at, pb] of [ann, bob].entries()) {
    const { record } = await pb.collection("users").authWithPassword(users[at], secret);
    assert.equal(record.email, users[at]);
    assert.ok(pb.authStore.isValid);
    assert.equal(pb.authStore.isSuperuser, false);
    await pb.collection("users").authRefresh();
    assert.ok(pb.authStore.isValid);
  }
  await refused(guest.collection("users").authRefresh(), 401, TOKEN_NEEDED);
  await refused(
    superuser.collection("users").authRefresh(),
    403,
    "The request requires auth record from users collection.",
  );
});

await step("a user sees and changes the own record only", async () => {
  const own = ann.authStore.record.id;
  const other = bob.authStore.record.id;
  const here = ann.collection("users");
  assert.deepEqual(
    (await here.getList(1, 10)).items.map(({ id }) => id),
    [own],
  );
  assert.equal((await here.getOne(own)).email, users[0]);
  assert.equal((await here.update(own, { name: "Ann" })).name, "Ann");
  const missing = "The requested resource wasn't found.";
  await refused(here.getOne(other), 404, missing);
  await refused(here.update(other, { name: "Ann" }), 404, missing);
  await refused(here.delete(other), 404, missing);
  const all = await superuser.collection("users").getFullList({ sort: "email" });
  assert.ok(users.every((email) => all.some((record) => record.email === email)));
  const first = await superuser
    .collection("users")
    .getFirstListItem(superuser.filter("email = {:email}", { email: users[1] }));
  assert.equal(first.id, other);
});

await step("listAuthMethods()", async () => {
  const methods = await guest.collection("users").listAuthMethods();
  assert.deepEqual(methods.password, { identityFields: ["email"], enabled: true });
  assert.equal(methods.oauth2.enabled, false);
});

await step("impersonate() lends a user's token", async () => {
  const lent = await superuser.collection("users").impersonate(ann.authStore.record.id, 60);
  assert.equal(lent.authStore.record.email, users[0]);
  assert.deepEqual(
    (await lent.collection("users").getList(1, 10)).items.map(({ email }) => email),
    [users[0]],
  );
});

await step("the registry is for superusers", async () => {
  const forbidden = "The authorized record is not allowed to perform this action.";
  for (const path of ["/api/scripts", "/api/scripts/x", "/api/script-permissions/x"]) {
    await refused(guest.send(path, {}), 401, TOKEN_NEEDED);
    await refused(ann.send(path, {}), 403, forbidden);
  }
  await refused(post(guest, "/api/scripts/command", { command: "id" }), 401, TOKEN_NEEDED);
  await refused(post(ann, "/api/scripts/command", { command: "id" }), 403, forbidden);
});

await step("who may execute follows the permission, from the next request on", async () => {
  const name = await script("rights", "import sys\nprint('ran', *sys.argv[1:])\n");
  const start = { arguments: ["1"] };
  const output = "ran 1\n";
  await refused(execute(guest, name, start), 401, GUEST_REFUSED);
  await refused(execute(ann, name, start), 403, NOT_ALLOWED);
  assert.equal((await execute(superuser, name, start)).output, output);

  await permit(name, "user");
  await refused(execute(guest, name, start), 401, TOKEN_NEEDED);
  assert.equal((await execute(ann, name, start)).output, output);

  await permit(name, "anonymous");
  assert.equal((await execute(guest, name, start)).output, output);
  assert.equal((await execute(ann, name, start)).output, output);

  await permit(name, "superuser");
  const superusersOnly = "The request requires superuser authorization token.";
  await refused(execute(guest, name, start), 401, superusersOnly);
  await refused(execute(ann, name, start), 403, NOT_ALLOWED);

  await superuser.send(`/api/script-permissions/${name}`, { method: "DELETE" });
  await refused(execute(guest, name, start), 401, GUEST_REFUSED);
});

await step("a guest runs an anonymous wasm file, with options that can do no harm", async () => {
  const wasm = `guests-${unique}.wasm`;
  const form = new FormData();
  form.append("file", new File([await readFile("functions/fibonacci.wasm")], wasm));
  await post(superuser, "/api/scripts/upload", form);
  const run = (pb, options) => post(pb, "/api/scripts/wasm", { options, wasm, params: "fib 10" });
  const superusersOnly = "The request requires superuser authorization token.";
  await refused(run(guest, "--reactor"), 401, superusersOnly);
  await refused(run(ann, "--reactor"), 403, "You are not allowed to execute this wasm.");
  await permit(wasm, "anonymous");
  assert.equal((await run(guest, "--reactor")).output, "55\n");
  assert.equal((await run(guest, "--reactor --time-limit 5000")).output, "55\n");
  for (const options of ["--reactor --dir /:/", "--env=A=1 --reactor", "--dir=.", "--enable-all"]) {
    assert.equal((await failure(run(guest, options))).status, 400, options);
  }
  assert.equal((await run(superuser, "--reactor --env A=1 --dir .")).output, "55\n");
});

await step("a missing script: guests and users cannot tell", async () => {
  await refused(execute(guest, "missing.py"), 401, GUEST_REFUSED);
  await refused(execute(ann, "missing.py"), 403, NOT_ALLOWED);
  await refused(execute(superuser, "missing.py"), 404, "Script not found.");
});

await step("a job is seen by who started it and by superusers", async () => {
  const name = await script("jobs", "print('done')\n");
  await permit(name, "user");
  const { id, status } = await post(ann, `/api/scripts/async/${name}/execute`);
  assert.equal(status, "running");
  const path = `/api/scripts/async/${id}`;
  const job = await eventually(
    () => ann.send(path, { requestKey: null }),
    (answer) => answer.status !== "running",
  );
  assert.equal(job.output, "done\n");
  assert.equal((await superuser.send(path, {})).output, "done\n");
  await refused(bob.send(path, {}), 404, "Job not found.");
  await refused(guest.send(path, {}), 404, "Job not found.");
});

await step("a guest's job is seen by whoever knows its id", async () => {
  const name = await script("guests", "print('done')\n");
  await permit(name, "anonymous");
  const { id } = await post(guest, `/api/scripts/async/${name}/execute`);
  const job = await eventually(
    () => guest.send(`/api/scripts/async/${id}`, { requestKey: null }),
    (answer) => answer.status !== "running",
  );
  assert.equal(job.output, "done\n");
  assert.equal((await bob.send(`/api/scripts/async/${id}`, {})).status, "done");
});

await step("jobs are known to their own kind only", async () => {
  const name = await script("kinds", "print(1)\n");
  const scripts = "/api/scripts/async";
  const commands = "/api/scripts/command";
  const modules = "/api/scripts/wasm/async";
  const started = {
    [scripts]: await post(superuser, `${scripts}/${name}/execute`),
    [commands]: await post(superuser, commands, { command: "echo 1", async: true }),
    [modules]: await post(superuser, modules, { wasm: "missing.wasm" }),
  };
  for (const [kind, { id }] of Object.entries(started)) {
    for (const route of [scripts, commands, modules]) {
      const asked = superuser.send(`${route}/${id}`, { requestKey: null });
      if (route === kind) {
        assert.equal((await asked).id, id);
      } else {
        const message = route === commands ? "Command not found." : "Job not found.";
        await refused(asked, 404, message);
      }
    }
  }
  await refused(guest.send(`${modules}/${started[modules].id}`, {}), 404, "Job not found.");
  await refused(guest.send(`${commands}/${started[commands].id}`, {}), 401, TOKEN_NEEDED);
});

await step("a changed password revokes every token of the account at once", async () => {
  const name = await script("revoked", "print('ran')\n");
  await permit(name, "user");
  assert.equal((await execute(bob, name)).output, "ran\n");
  const changed = "another long enough password";
  await bob.collection("users").update(bob.authStore.record.id, {
    oldPassword: secret,
    password: changed,
    passwordConfirm: changed,
  });
  await refused(execute(bob, name), 401, TOKEN_NEEDED);
  await refused(bob.collection("users").authRefresh(), 401, TOKEN_NEEDED);
  await refused(
    bob.collection("users").authWithPassword(users[1], secret),
    400,
    "Failed to authenticate.",
  );
  await bob.collection("users").authWithPassword(users[1], changed);
  assert.equal((await execute(bob, name)).output, "ran\n");
});

await step("a deleted user is gone with its tokens", async () => {
  await bob.collection("users").delete(bob.authStore.record.id);
  assert.equal(bob.authStore.isValid, false);
  await refused(
    bob.collection("users").authWithPassword(users[1], secret),
    400,
    "Failed to authenticate.",
  );
});

await step("names that a path has to escape, and other languages by their extension", async () => {
  for (const [extension, content] of [
    [".py", "import sys\nprint(*sys.argv[1:])\n"],
    [".sh", 'echo "$@"\n'],
    [".js", "console.log(...process.argv.slice(2));\n"],
  ]) {
    const name = `grüße:${unique}${extension}`;
    await post(superuser, "/api/scripts", { name, content });
    const start = { arguments: ["a b", "ü", "*"] };
    const { output } = await execute(superuser, encodeURIComponent(name), start);
    assert.equal(output, "a b ü *\n", name);
    await superuser.send(`/api/scripts/${encodeURIComponent(name)}`, { method: "DELETE" });
  }
});

await step("parallel executes keep their outputs apart", async () => {
  const name = await script("parallel", "import sys\nprint(sys.argv[1])\n");
  const numbers = Array.from({ length: 16 }, (_, at) => String(at));
  const answers = await Promise.all(
    numbers.map((n) => execute(superuser, name, { arguments: [n] })),
  );
  assert.deepEqual(
    answers.map(({ output }) => output),
    numbers.map((n) => `${n}\n`),
  );
});

await step("a call that the client cancels is an abort; its run goes on to its end", async () => {
  const note = `${executePath}/cancelled-${unique}`;
  const name = await script(
    "twice",
    `import sys, time\ntime.sleep(0.3)\nopen("${note}", "a").write(sys.argv[1])\nprint(sys.argv[1])\n`,
  );
  const start = (n) =>
    superuser.send(`/api/scripts/${name}/execute`, { method: "POST", body: { arguments: [n] } });
  const first = failure(start("1"));
  // Runs of it are seen at the admin door: there is one, so that the next call cancels a request
  // that has arrived.
  await eventually(
    () => superuser.send("/api/admin/scripts/runs", { query: { limit: 50 }, requestKey: null }),
    ({ items }) => items.some((run) => run.script.name === name),
  );
  const second = await start("2");
  assert.equal((await first).isAbort, true);
  assert.equal((await first).status, 0);
  assert.equal(second.output, "2\n");
  const noted = () => readFile(note, "utf8").catch(() => "");
  await eventually(noted, (runs) => [...runs].sort().join("") === "12");
});

await step("a failing script is an error with its output", async () => {
  const name = await script("fails", "import sys\nprint('half')\nsys.exit(7)\n");
  const error = await failure(execute(superuser, name));
  assert.ok(error instanceof ClientResponseError);
  assert.equal(error.status, 500);
  assert.equal(error.message, "Script execution failed.");
  assert.equal(error.url, `${url}/api/scripts/${name}/execute`);
  assert.equal(error.response.data.output, "half\n");
  assert.equal(error.response.data.exitCode, 7);
  assert.equal(typeof error.response.data.error, "string");
});

await step("what cannot be read is a 400, what does not exist a 404", async () => {
  const name = await script("body", "import sys\nprint(sys.argv[1:])\n");
  const path = `/api/scripts/${name}/execute`;
  await refused(post(superuser, path, "{"), 400, BAD_BODY);
  await refused(post(superuser, path, { arguments: [{}] }), 400, BAD_BODY);
  await refused(post(superuser, path, { arguments: "10" }), 400, BAD_BODY);
  assert.equal(
    (await post(superuser, path, { arguments: [10, true, "a b"] })).output,
    "['10', 'true', 'a b']\n",
  );
  assert.equal((await post(superuser, path, { args: ["1"] })).output, "['1']\n");
  assert.equal((await post(superuser, path)).output, "[]\n");
  await refused(superuser.send("/api/nothing", {}), 404, "The requested resource wasn't found.");
  await refused(
    superuser.send("/api/scripts", { method: "PUT" }),
    404,
    "The requested resource wasn't found.",
  );
});

await step("fields picks keys", async () => {
  const name = await script("fields", "print(1)\n");
  assert.deepEqual(await superuser.send(`/api/scripts/${name}`, { fields: "name,version" }), {
    name,
    version: 1,
  });
  const { items, ...rest } = await superuser.send("/api/scripts", {
    query: { fields: "items.name" },
  });
  assert.deepEqual(rest, {});
  assert.ok(items.some((item) => item.name === name && Object.keys(item).length === 1));
  assert.deepEqual(
    await execute(superuser, `${name}`, undefined).then(({ output }) => output),
    "1\n",
  );
  const record = await ann.collection("users").getOne(ann.authStore.record.id, { fields: "email" });
  assert.deepEqual(record, { email: users[0] });
});

await step("forms do what JSON does", async () => {
  const name = `form-${unique}.py`;
  const form = new FormData();
  form.append("name", name);
  form.append("content", "import sys\nprint(sys.argv[1:])\n");
  assert.equal((await post(superuser, "/api/scripts", form)).name, name);
  const start = new FormData();
  start.append("arguments", "a");
  start.append("arguments", "b c");
  assert.equal((await execute(superuser, name, start)).output, "['a', 'b c']\n");
  const merged = new FormData();
  merged.append("@jsonPayload", JSON.stringify({ arguments: ["json"] }));
  assert.equal((await execute(superuser, name, merged)).output, "['json']\n");
});

end();

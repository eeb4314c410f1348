// The examples of the Scripts API document, in its order. The service is new, EXECUTE_PATH holds
// pyproject.toml and a .venv, and uv is on the PATH where the test found one.
import assert from "node:assert/strict";
import { EventSource } from "eventsource";
import { WebSocket } from "ws";
import BosBase from "./script-sdk.mjs";
import {
  end,
  event,
  eventually,
  executePath,
  identity,
  password,
  refused,
  skip,
  step,
  url,
} from "./steps.mjs";

globalThis.EventSource = EventSource;
globalThis.WebSocket = WebSocket;

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const GO_DURATION = /^(\d+m)?\d+(\.\d+)?(ms|µs|s)$/;

const pb = new BosBase(url);

function greeting(text) {
  return `\ndef main():\n    print("${text}")\n\n\nif __name__ == "__main__":\n    main()\n`;
}

await step("Authentication: as a superuser", async () => {
  const { token, record } = await pb.collection("_superusers").authWithPassword(identity, password);
  assert.equal(record.email, identity);
  assert.equal(record.collectionId, "pbc_3142635823");
  assert.equal(pb.authStore.token, token);
  assert.ok(pb.authStore.isValid);
  assert.ok(pb.authStore.isSuperuser);
});

let created;
await step("Creating a script", async () => {
  created = await pb.scripts.create({
    name: "hello.py",
    content: greeting("Hello from functions!"),
    description: "Hello from functions!",
  });
  assert.match(created.id, UUID7);
  assert.match(created.created, TIMESTAMP);
  const { name, content, description, version } = created;
  assert.deepEqual(
    { name, content, description, version },
    {
      name: "hello.py",
      content: greeting("Hello from functions!"),
      description: "Hello from functions!",
      version: 1,
    },
  );
});

await step("Creating it twice is refused", () =>
  refused(pb.scripts.create({ name: "hello.py", content: "1" }), 400, "Script already exists."),
);

await step("Reading scripts", async () => {
  assert.deepEqual(await pb.scripts.get("hello.py"), created);
  const allScripts = await pb.scripts.list();
  assert.deepEqual(
    allScripts.map((script) => [script.name, script.version]),
    [["hello.py", 1]],
  );
});

await step("Updating a script", async () => {
  const updated = await pb.scripts.update("hello.py", {
    content: greeting("Hi from functions!"),
    description: "Now returns both total and count",
  });
  assert.equal(updated.version, created.version + 1);
  assert.equal(updated.id, created.id);
  assert.equal(updated.created, created.created);
  assert.ok(updated.updated > created.updated);
});

await step("Updating the description alone, of a name that does not exist", () =>
  refused(
    pb.scripts.update("hello.py.py", { description: "Docs-only tweak" }),
    404,
    "Script not found.",
  ),
);

await step("Updating the description alone", async () => {
  const updated = await pb.scripts.update("hello.py", { description: "Docs-only tweak" });
  assert.equal(updated.version, 3);
  assert.equal(updated.content, greeting("Hi from functions!"));
  assert.equal(updated.description, "Docs-only tweak");
});

await step("Executing the latest content", async () => {
  assert.equal((await pb.scripts.execute("hello.py")).output, "Hi from functions!\n");
});

await step("Executing with arguments", async () => {
  await pb.scripts.create({
    name: "add.py",
    content: "import sys\nprint(sum(map(int, sys.argv[1:])))\n",
  });
  const result = await pb.scripts.execute("add.py", ["10", "20"]);
  assert.equal(result.output, "30\n");
  assert.match(result.duration, GO_DURATION);
});

await step("Executing in EXECUTE_PATH with .venv active", async () => {
  const content =
    'import os, sys\nprint(os.getcwd(), sys.prefix, os.environ["VIRTUAL_ENV"], sep="\\n")\n';
  await pb.scripts.create({ name: "where.py", content });
  const { output } = await pb.scripts.execute("where.py");
  assert.deepEqual(output.split("\n"), [
    executePath,
    `${executePath}/.venv`,
    `${executePath}/.venv`,
    "",
  ]);
});

await step("Executing asynchronously and polling the status", async () => {
  const content =
    'import time\n\ndef main(a, b):\n    print("adding")\n    time.sleep(0.6)\n    return int(a) + int(b)\n';
  await pb.scripts.create({ name: "long-task.py", content });
  const started = await pb.scripts.executeAsync("long-task.py", {
    arguments: ["10", "20"],
    function_name: "main",
  });
  assert.match(started.id, UUID7);
  assert.equal(started.status, "running");

  let job;
  let polls = 0;
  do {
    job = await pb.scripts.executeAsyncStatus(started.id);
    polls += 1;
    await new Promise((r) => setTimeout(r, 100));
  } while (job.status === "running");

  assert.ok(polls > 1);
  assert.equal(job.status, "done", JSON.stringify(job));
  assert.equal(job.output, "adding\n30");
  assert.equal(job.scriptName, "long-task.py");
  assert.match(job.startedAt, RFC3339);
  assert.match(job.finishedAt, RFC3339);
  assert.equal(job.error, undefined);
});

await step("Executing asynchronously what fails", async () => {
  await pb.scripts.create({
    name: "fails.py",
    content: 'print("before")\nraise ValueError("on purpose")\n',
  });
  const { id } = await pb.scripts.executeAsync("fails.py");
  const job = await eventually(
    () => pb.scripts.executeAsyncStatus(id),
    ({ status }) => status !== "running",
  );
  assert.equal(job.status, "error");
  assert.ok(job.error);
  assert.match(job.output, /^before\n[^]*ValueError: on purpose/);
});

await step("A job that does not exist", () =>
  refused(
    pb.scripts.executeAsyncStatus("0198c0de-0000-7000-8000-000000000001"),
    404,
    "Job not found.",
  ),
);

const DOCUMENTED = 'def main(a, b):\n    return f"doc execution success updated {a} {b}"\n';

await step("Streaming execution (SSE)", async () => {
  await pb.scripts.create({ name: "add", content: DOCUMENTED });
  const es = pb.scripts.executeSSE("add", { arguments: ["10", "20"] });
  try {
    const payload = JSON.parse((await event(es, "message")).data);
    assert.equal(payload.output, "doc execution success updated 10 20");
  } finally {
    es.close();
  }
});

await step("WebSocket execution with query params", async () => {
  const ws = pb.scripts.executeWebSocket("add", { arguments: ["1", "2"] });
  const payload = await new Promise((resolve, reject) => {
    ws.onmessage = (event) =>
      resolve(JSON.parse(typeof event.data === "string" ? event.data : String(event.data || "")));
    ws.onerror = ({ message }) => reject(new Error(message));
  });
  assert.equal(payload.output, "doc execution success updated 1 2");
  ws.close();
});

await step("WebSocket execution with a message after connect", async () => {
  const ws = pb.scripts.executeWebSocket("add");
  await event(ws, "open");
  ws.send(JSON.stringify({ arguments: ["3", "4"], function_name: "main" }));
  const payload = JSON.parse((await event(ws, "message")).data);
  assert.equal(payload.output, "doc execution success updated 3 4");
  ws.close();
});

await step("Managing permissions: create or update, and get", async () => {
  const row = await pb.scriptsPermissions.create({ scriptName: "hello.py", content: "user" });
  assert.equal(row.scriptName, "hello.py");
  assert.equal(row.scriptId, created.id);
  assert.match(row.id, UUID7);
  const perm = await pb.scriptsPermissions.get("hello.py");
  assert.equal(perm.content, "user");
  assert.equal(perm.version, 1);
});

await step("Shell commands: cat pyproject.toml", async () => {
  const result = await pb.scripts.command(`cat pyproject.toml`);
  assert.match(result.output, /^\[project\]\nname = "functions"\n/);
});

const UV_ADD = "Shell commands: uv add";
if (process.env.UV) {
  await step(UV_ADD, async () => {
    // Only pyproject.toml is written: nothing is downloaded.
    const result = await pb.scripts.command(`uv add --frozen "httpx>0.1.0"`);
    assert.equal(typeof result.output, "string");
    const { output } = await pb.scripts.command(`cat pyproject.toml`);
    assert.match(output, /"httpx>0\.1\.0"/);
  });
}

await step("Shell commands: directory, environment, both streams, pipes", async () => {
  const { output, stdout, stderr } = await pb.scripts.command(
    `pwd; echo "$EXECUTE_PATH" >&2; echo b | tr b c; python -c 'import sys; print(sys.prefix)'`,
  );
  assert.equal(stdout, `${executePath}\nc\n${executePath}/.venv\n`);
  assert.equal(stderr, `${executePath}\n`);
  // Between two streams there is no order.
  const lines = output.split("\n");
  assert.deepEqual(lines.sort(), ["", executePath, executePath, `${executePath}/.venv`, "c"]);
});

await step("Shell commands: a non-zero exit code surfaces as an error", async () => {
  const error = await pb.scripts.command("echo no; exit 3").then(assert.fail, (thrown) => thrown);
  assert.equal(error.status, 500);
  assert.equal(error.message, "Failed to execute command.");
  assert.equal(error.response.data.output, "no\n");
  assert.equal(error.response.data.exitCode, 3);
});

await step("Shell commands: asynchronously", async () => {
  const { id, status } = await pb.scripts.commandAsync("echo later");
  assert.equal(status, "running");
  const job = await eventually(
    () => pb.scripts.commandStatus(id),
    (answer) => answer.status !== "running",
  );
  assert.equal(job.status, "done");
  assert.equal(job.command, "echo later");
  assert.equal(job.output, "later\n");
});

const uploadName = "hello-upload.sh";
const uploadContent = `#!/bin/sh\necho "upload-ok"\n`;

await step("Uploading a File and running it", async () => {
  const uploadFile = new File([uploadContent], uploadName, { type: "text/x-shellscript" });
  const upload = await pb.scripts.upload({ file: uploadFile, path: uploadName });
  assert.equal(upload.output, `uploaded hello-upload.sh to ${executePath}`);
  const runUploaded = await pb.scripts.command(`./${uploadName}`);
  assert.equal(runUploaded.output, "upload-ok\n");
});

await step(
  "Uploading: the path defaults to the file's name, an existing file is overwritten, mode 0755",
  async () => {
    const uploadFile = new File([uploadContent.replace("ok", "again")], uploadName);
    await pb.scripts.command(`chmod 600 ${uploadName}`);
    await pb.scripts.upload({ file: uploadFile });
    const { output } = await pb.scripts.command(`./${uploadName} && stat -c %a ${uploadName}`);
    assert.equal(output, "upload-again\n755\n");
  },
);

await step("Uploading into a folder; out of EXECUTE_PATH is refused", async () => {
  const file = new Blob(["data"]);
  const { output, path } = await pb.scripts.upload({ file, path: "sub/folder/data.bin" });
  assert.equal(output, `uploaded sub/folder/data.bin to ${executePath}`);
  assert.equal(path, `${executePath}/sub/folder/data.bin`);
  await refused(pb.scripts.upload({ file, path: "../data.bin" }), 400, "Invalid path.");
  await refused(pb.scripts.upload({ file, path: "/tmp/data.bin" }), 400, "Invalid path.");
});

// The document prints the option's quotes; they group the word here and are not part of it.
await step("WASM with an uploaded wasmedge", async () => {
  await pb.scripts.upload({
    file: new Blob([`#!/bin/sh\necho "wasm-runner $@"\n`], { type: "text/x-shellscript" }),
    path: "wasmedge",
  });
  const result = await pb.scripts.wasm(
    '--reactor --env "REDIS_URL=redis://localhost/"',
    "fibonacci.wasm",
    "fib 10",
  );
  assert.equal(
    result.output,
    "wasm-runner --reactor --env REDIS_URL=redis://localhost/ fibonacci.wasm fib 10\n",
  );
  assert.equal(result.stdout, result.output);
  assert.equal(result.stderr, "");
  assert.match(result.duration, GO_DURATION);
});

await step("WASM asynchronously", async () => {
  const start = await pb.scripts.wasmAsync("--reactor", "fibonacci.wasm", "fib 35");
  assert.equal(start.status, "running");
  const status = await pb.scripts.wasmAsyncStatus(start.id);
  assert.ok(["running", "done"].includes(status.status));
});

await step("WASM asynchronously, polled until completion", async () => {
  const { id } = await pb.scripts.wasmAsync("--reactor", "fibonacci.wasm", "fib 35");

  async function waitForJob(jobId, intervalMs = 50) {
    for (;;) {
      const job = await pb.scripts.wasmAsyncStatus(jobId);
      if (job.status === "running") {
        await new Promise((r) => setTimeout(r, intervalMs));
        continue;
      }
      return job;
    }
  }

  const done = await waitForJob(id);
  assert.equal(done.status, "done", JSON.stringify(done));
  assert.equal(done.output, "wasm-runner --reactor fibonacci.wasm fib 35\n");
  assert.equal(done.stdout, done.output);
  assert.equal(done.stderr, "");
  assert.equal(done.wasmName, "fibonacci.wasm");
  assert.match(done.duration, GO_DURATION);
  assert.match(done.startedAt, RFC3339);
  assert.match(done.finishedAt, RFC3339);
});

await step("WASM asynchronously, failing", async () => {
  await pb.scripts.upload({
    file: new Blob(["#!/bin/sh\necho out; echo err >&2; exit 9\n"]),
    path: "wasmedge",
  });
  const { id } = await pb.scripts.wasmAsync("", "fibonacci.wasm", "");
  const job = await eventually(
    () => pb.scripts.wasmAsyncStatus(id),
    ({ status }) => status !== "running",
  );
  assert.equal(job.status, "error");
  assert.ok(job.error);
  assert.equal(job.stdout, "out\n");
  assert.equal(job.stderr, "err\n");
});

await step("WASM without wasmedge", async () => {
  await pb.scripts.command("rm wasmedge");
  await pb.scripts.upload({ file: new File([await wasmFile()], "fibonacci.wasm") });
  const result = await pb.scripts.wasm("--reactor", "fibonacci.wasm", "fib 10");
  assert.equal(result.output, "55\n");
});

await step("Managing permissions: create, get, update, delete", async () => {
  await pb.scriptsPermissions.create({ scriptName: "hello.py", content: "user" });
  const perm = await pb.scriptsPermissions.get("hello.py");
  assert.equal(perm.content, "user");
  const updated = await pb.scriptsPermissions.update("hello.py", { content: "anonymous" });
  assert.equal(updated.content, "anonymous");
  assert.ok(updated.version > perm.version);
  assert.equal(await pb.scriptsPermissions.delete("hello.py"), true);
  await refused(pb.scriptsPermissions.get("hello.py"), 404, "Permission not found.");
});

await step("Deleting scripts", async () => {
  const removed = await pb.scripts.delete("hello.py");
  assert.equal(removed, true);
  await refused(pb.scripts.get("hello.py"), 404, "Script not found.");
  await refused(pb.scripts.delete("hello.py"), 404, "Script not found.");
});

end();

async function wasmFile() {
  const { readFile } = await import("node:fs/promises");
  return readFile("functions/fibonacci.wasm");
}

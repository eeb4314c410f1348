// Streams as npm's eventsource and ws see them. Scripts note their runs in a file, so that runs can
// be counted from outside.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { EventSource } from "eventsource";
import { WebSocket } from "ws";
import BosBase from "./script-sdk.mjs";
import { end, event, eventually, executePath, identity, password, step, url } from "./steps.mjs";

globalThis.EventSource = EventSource;
globalThis.WebSocket = WebSocket;

const unique = `${Date.now()}${process.pid}`;
const pb = new BosBase(url);
await pb.collection("_superusers").authWithPassword(identity, password);
const { token } = pb.authStore;

/** A script that notes each run, then does this. */
async function script(name, content) {
  const full = `${name}-${unique}.py`;
  const note = `open("${executePath}/${full}.runs", "a").write("x")\n`;
  await pb.scripts.create({ name: full, content: note + content });
  return full;
}

async function runs(name) {
  return (await readFile(`${executePath}/${name}.runs`, "utf8").catch(() => "")).length;
}

function address(name, kind, query = "") {
  return `${url}/api/scripts/${name}/execute/${kind}${query}`;
}

function socket(name, query, ...options) {
  return new WebSocket(address(name, "ws", query).replace(/^http/, "ws"), ...options);
}

/** All that comes before the end: messages as JSON, the close. */
function conversation(ws) {
  return new Promise((resolve) => {
    const messages = [];
    let failed = false;
    ws.addEventListener("message", ({ data }) => messages.push(JSON.parse(String(data))));
    ws.addEventListener("error", () => (failed = true));
    ws.addEventListener("close", ({ code, wasClean }) =>
      resolve({ messages, code, wasClean, failed }),
    );
  });
}

const gone = (code, output) => ({ messages: [{ output }], code, wasClean: true, failed: false });
const outputs = ({ messages, ...rest }) => ({
  messages: messages.map(({ output }) => ({ output })),
  ...rest,
});

/** The error that ends an EventSource for good. */
function closed(es) {
  return new Promise((resolve) =>
    es.addEventListener("error", (error) => es.readyState === EventSource.CLOSED && resolve(error)),
  );
}

await step(
  "SSE: one message with an id; when the client comes back, 204 and no second run",
  async () => {
    const name = await script("once", "print('once')\n");
    const es = pb.scripts.executeSSE(name);
    const messages = [];
    es.addEventListener("message", (message) => messages.push(message));
    const ended = await closed(es);
    assert.equal(ended.code, 204);
    assert.deepEqual(
      messages.map(({ data }) => JSON.parse(data).output),
      ["once\n"],
    );
    assert.notEqual(messages[0].lastEventId, "");
    assert.equal(await runs(name), 1);
  },
);

await step("SSE: headers and bytes of the answer", async () => {
  const name = await script("bytes", "print('ä\\nb')\n");
  const answer = await fetch(address(name, "sse"), { headers: { Authorization: token } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/event-stream/);
  assert.match(answer.headers.get("cache-control"), /no-store/);
  assert.equal(answer.headers.get("x-accel-buffering"), "no");
  const text = await answer.text();
  assert.deepEqual(JSON.parse(/^data: ?(.*)$/m.exec(text)[1]).output, "ä\nb\n");
  assert.equal(text.match(/^data:/gm).length, 1);
  assert.match(text, /^id: ?\S/m);
  assert.doesNotMatch(text, /^event:/m);
  assert.match(text, /\n\n$/);
});

await step("SSE: a token in a header, or in the cookie pb_auth", async () => {
  const name = await script("header", "import sys\nprint(sys.argv[1:])\n");
  for (const headers of [
    { Authorization: token },
    { Authorization: `Bearer ${token}` },
    { Cookie: `pb_auth=${encodeURIComponent(JSON.stringify({ token }))}` },
  ]) {
    const es = new EventSource(address(name, "sse", "?args=1&args=b%20c"), {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
    });
    const { data } = await event(es, "message");
    es.close();
    assert.equal(JSON.parse(data).output, "['1', 'b c']\n");
  }
});

await step(
  "SSE: a run that fails at once is a 500, and EventSource does not come back",
  async () => {
    const name = await script("fails", "raise SystemExit(3)\n");
    const es = pb.scripts.executeSSE(name);
    assert.equal((await closed(es)).code, 500);
    assert.equal(await runs(name), 1);
  },
);

await step("SSE: refused callers get 401, a missing script is a 404, nothing runs", async () => {
  const name = await script("closed", "print(1)\n");
  assert.equal((await closed(new EventSource(address(name, "sse")))).code, 401);
  assert.equal((await closed(new EventSource(address(name, "sse", "?token=wrong")))).code, 401);
  assert.equal((await closed(pb.scripts.executeSSE("missing.py"))).code, 404);
  assert.equal(await runs(name), 0);
});

await step("SSE and WebSocket: a guest may run what is anonymous", async () => {
  const name = await script("open", "import sys\nprint(*sys.argv[1:])\n");
  await pb.scriptsPermissions.create({ scriptName: name, content: "anonymous" });
  const es = new EventSource(address(name, "sse", "?arguments=guest"));
  assert.equal(JSON.parse((await event(es, "message")).data).output, "guest\n");
  es.close();
  const said = await conversation(socket(name, "?arguments=guest"));
  assert.deepEqual(outputs(said), gone(1000, "guest\n"));
  await pb.scriptsPermissions.delete(name);
  assert.equal((await closed(new EventSource(address(name, "sse")))).code, 401);
  assert.equal(await runs(name), 2);
});

await step(
  "SSE: a long run keeps the connection; its failure is an event named error",
  async () => {
    // It ends only after the client has seen that the stream is open.
    const seen = `${executePath}/seen-${unique}`;
    const content = `import os, time
late = time.monotonic() + 30
while not os.path.exists("${seen}") and time.monotonic() < late: time.sleep(0.02)
print('late', os.path.exists("${seen}"))
raise SystemExit(4)
`;
    const name = await script("long", content);
    const es = pb.scripts.executeSSE(name);
    await event(es, "open");
    await writeFile(seen, "");
    const { data } = await new Promise((resolve) =>
      es.addEventListener("error", resolve, { once: true }),
    );
    es.close();
    const { status, message, data: detail } = JSON.parse(data);
    assert.deepEqual({ status, message }, { status: 500, message: "Script execution failed." });
    assert.equal(detail.output, "late True\n");
    assert.equal(detail.exitCode, 4);
    assert.equal(await runs(name), 1);
  },
);

await step("WebSocket: result, then close 1000", async () => {
  const name = await script("result", "import sys\nprint(sys.argv[1:])\n");
  const said = await conversation(pb.scripts.executeWebSocket(name, { arguments: ["1", "b c"] }));
  assert.deepEqual(outputs(said), gone(1000, "['1', 'b c']\n"));
  assert.equal(await runs(name), 1);
});

await step(
  "WebSocket: the first message starts, text or binary; later ones are ignored",
  async () => {
    const name = await script("first", "import sys, time\ntime.sleep(0.2)\nprint(sys.argv[1:])\n");
    for (const first of ['{"arguments":["1"]}', Buffer.from('{"args":["1"]}')]) {
      const ws = pb.scripts.executeWebSocket(name);
      const said = conversation(ws);
      await event(ws, "open");
      ws.send(first);
      ws.send('{"arguments":["2"]}');
      ws.send("not even JSON");
      assert.deepEqual(outputs(await said), gone(1000, "['1']\n"));
    }
    assert.equal(await runs(name), 2);
  },
);

await step("WebSocket: an empty object is a start without arguments", async () => {
  const name = await script("empty", "import sys\nprint(sys.argv[1:])\n");
  const ws = pb.scripts.executeWebSocket(name);
  const said = conversation(ws);
  await event(ws, "open");
  ws.send("{}");
  assert.deepEqual(outputs(await said), gone(1000, "[]\n"));
});

await step("WebSocket: a failed run is said, then close 1011", async () => {
  const name = await script("breaks", "print('half')\nraise SystemExit(5)\n");
  const { messages, code, wasClean } = await conversation(pb.scripts.executeWebSocket(name, ["1"]));
  assert.deepEqual(
    { code, wasClean, count: messages.length },
    { code: 1011, wasClean: true, count: 1 },
  );
  const [{ status, message, data }] = messages;
  assert.deepEqual({ status, message }, { status: 500, message: "Script execution failed." });
  assert.equal(data.output, "half\n");
  assert.equal(data.exitCode, 5);
});

await step("WebSocket: what cannot be read is said, then close 1007", async () => {
  const name = await script("unread", "print(1)\n");
  const ws = pb.scripts.executeWebSocket(name);
  const said = conversation(ws);
  await event(ws, "open");
  ws.send("{");
  const { messages, code } = await said;
  assert.equal(code, 1007);
  assert.equal(messages[0].status, 400);
  assert.equal(messages[0].message, "Invalid websocket payload.");
  assert.equal(await runs(name), 0);
});

await step("WebSocket: who leaves before the first message starts nothing", async () => {
  const name = await script("leaves", "print(1)\n");
  const ws = pb.scripts.executeWebSocket(name);
  const said = conversation(ws);
  await event(ws, "open");
  ws.close(1000);
  assert.deepEqual((await said).messages, []);
  assert.equal(await runs(name), 0);
});

await step("WebSocket: the first offered subprotocol is chosen", async () => {
  const name = await script("protocol", "print(1)\n");
  for (const websocketProtocols of ["own.v1", ["own.v2", "own.v1"]]) {
    const ws = pb.scripts.executeWebSocket(name, ["x"], { websocketProtocols });
    const said = conversation(ws);
    await event(ws, "open");
    assert.equal(ws.protocol, [websocketProtocols].flat()[0]);
    assert.equal((await said).code, 1000);
  }
});

await step("WebSocket: a token in a header", async () => {
  const name = await script("upgrade", "print(1)\n");
  const said = await conversation(
    socket(name, "?arguments=x", { headers: { Authorization: token } }),
  );
  assert.deepEqual(outputs(said), gone(1000, "1\n"));
});

await step("WebSocket: refused before the upgrade, as plain HTTP", async () => {
  const name = await script("refused", "print(1)\n");
  for (const [query, target, status] of [
    ["?arguments=x", name, 401],
    [`?arguments=x&token=${token}`, "missing.py", 404],
    ["", "missing.py", 401],
  ]) {
    const ws = socket(target, query);
    const answer = await new Promise((resolve) =>
      ws.on("unexpected-response", (_, response) => resolve(response)),
    );
    assert.equal(answer.statusCode, status);
    assert.equal(JSON.parse((await answer.toArray()).join("")).status, status);
  }
  const { code, failed } = await conversation(socket(name, "?arguments=x"));
  assert.deepEqual({ code, failed }, { code: 1006, failed: true });
  assert.equal(await runs(name), 0);
});

await step("megabytes come whole, over both", async () => {
  const name = await script("large", "for i in range(20000): print(f'{i:06}', 'ä' * 70)\n");
  const expected = Array.from(
    { length: 20000 },
    (_, i) => `${String(i).padStart(6, "0")} ${"ä".repeat(70)}\n`,
  ).join("");
  const said = await conversation(pb.scripts.executeWebSocket(name, ["x"]));
  assert.ok(said.messages[0].output === expected);
  const es = pb.scripts.executeSSE(name);
  const { data } = await event(es, "message");
  es.close();
  assert.ok(JSON.parse(data).output === expected);
});

await step("eight at a time over WebSockets keep their outputs apart", async () => {
  const name = await script("many", "import sys\nprint(sys.argv[1])\n");
  const numbers = Array.from({ length: 8 }, (_, at) => String(at));
  const said = await Promise.all(
    numbers.map((n) => conversation(pb.scripts.executeWebSocket(name, [n]))),
  );
  assert.deepEqual(
    said.map(({ messages }) => messages[0].output),
    numbers.map((n) => `${n}\n`),
  );
  await eventually(
    () => runs(name),
    (count) => count === 8,
  );
});

end();

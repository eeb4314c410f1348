// What the clients send, byte for byte, read off a listener that records it: the script calls
// against the recorded requests, and their bytes against those of the published package.
import assert from "node:assert/strict";
import net from "node:net";
import Published from "bosbase";
import { EventSource } from "eventsource";
import { WebSocket } from "ws";
import BosBase from "./script-sdk.mjs";
import { end, failure, step } from "./steps.mjs";

globalThis.EventSource = EventSource;
globalThis.WebSocket = WebSocket;

const received = [];
const listener = net.createServer((socket) => {
  let bytes = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    bytes += chunk.toString("latin1");
    const [head, body] = bytes.split(/\r\n\r\n(.*)/s);
    if (
      body !== undefined &&
      body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    ) {
      received.push(bytes);
      bytes = "";
      socket.end(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
      );
    }
  });
});
await new Promise((listening) => listener.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${listener.address().port}`;

const payload = btoa(JSON.stringify({ type: "auth", exp: 4102444800 })).replace(/=+$/, "");
const token = `e30.${payload}.c2ln`;
const superuser = { id: "1", collectionName: "_superusers" };
const client = new BosBase(`${url}/`);
const published = new Published(url);
client.authStore.save(token, superuser);
published.authStore.save(token, superuser);

/** The one request that this call sends. */
async function sent(call) {
  received.length = 0;
  await call();
  assert.equal(received.length, 1);
  const [head, body] = received[0].split(/\r\n\r\n(.*)/s);
  const [line, ...headers] = head.split("\r\n");
  return { line, headers, body };
}

function header({ headers }, name) {
  return headers.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2);
}

// call, request line, body
const { scripts, scriptsPermissions: permissions } = client;
const text = { name: " hello.py ", content: "print('ä')\n" };
const calls = [
  [
    () => scripts.create(text),
    "POST /api/scripts",
    '{"name":"hello.py","content":"print(\'ä\')\\n","description":""}',
  ],
  [
    () => scripts.create({ ...text, description: "d" }),
    "POST /api/scripts",
    '{"name":"hello.py","content":"print(\'ä\')\\n","description":"d"}',
  ],
  [() => scripts.get("a/b c.py"), "GET /api/scripts/a%2Fb%20c.py"],
  [() => scripts.list(), "GET /api/scripts"],
  [
    () => scripts.list({ query: { fields: "name,version" } }),
    "GET /api/scripts?fields=name%2Cversion",
  ],
  [
    () => scripts.update("hello.py", { content: "x" }),
    "PATCH /api/scripts/hello.py",
    '{"content":"x"}',
  ],
  [
    () => scripts.update("hello.py", { description: "x" }),
    "PATCH /api/scripts/hello.py",
    '{"description":"x"}',
  ],
  [() => scripts.delete("hello.py"), "DELETE /api/scripts/hello.py"],
  [() => scripts.execute("hello.py"), "POST /api/scripts/hello.py/execute", ""],
  [
    () => scripts.execute("add", ["1", 2]),
    "POST /api/scripts/add/execute",
    '{"arguments":["1","2"]}',
  ],
  [
    () => scripts.execute("add", { function_name: "f" }),
    "POST /api/scripts/add/execute",
    '{"function_name":"f"}',
  ],
  [
    () => scripts.execute("add", { query: { fields: "output" } }),
    "POST /api/scripts/add/execute?fields=output",
    "",
  ],
  [
    () => scripts.executeAsync("add", { arguments: ["1"], function_name: "main" }),
    "POST /api/scripts/async/add/execute",
    '{"arguments":["1"],"function_name":"main"}',
  ],
  [() => scripts.executeAsyncStatus("7"), "GET /api/scripts/async/7"],
  [() => scripts.command("ls | wc"), "POST /api/scripts/command", '{"command":"ls | wc"}'],
  [() => scripts.commandAsync("ls"), "POST /api/scripts/command", '{"command":"ls","async":true}'],
  [() => scripts.commandStatus("7"), "GET /api/scripts/command/7"],
  [
    () => scripts.wasm("--reactor", "fib.wasm", "fib 3"),
    "POST /api/scripts/wasm",
    '{"options":"--reactor","wasm":"fib.wasm","params":"fib 3"}',
  ],
  [
    () => scripts.wasmAsync("", "fib.wasm", ""),
    "POST /api/scripts/wasm/async",
    '{"options":"","wasm":"fib.wasm","params":""}',
  ],
  [() => scripts.wasmAsyncStatus("7"), "GET /api/scripts/wasm/async/7"],
  [
    () => permissions.create({ scriptName: "hello.py", content: "user" }),
    "POST /api/script-permissions",
    '{"script_name":"hello.py","content":"user"}',
  ],
  [
    () => permissions.create({ scriptId: "7", scriptName: "hello.py", content: "user" }),
    "POST /api/script-permissions",
    '{"script_id":"7","script_name":"hello.py","content":"user"}',
  ],
  [() => permissions.get("hello.py"), "GET /api/script-permissions/hello.py"],
  [
    () => permissions.update("hello.py", { content: "anonymous" }),
    "PATCH /api/script-permissions/hello.py",
    '{"content":"anonymous"}',
  ],
  [() => permissions.delete("hello.py"), "DELETE /api/script-permissions/hello.py"],
  [() => client.collection("users").authRefresh(), "POST /api/collections/users/auth-refresh", ""],
  [
    () => client.collection("users").create({ email: "a@b.c" }),
    "POST /api/collections/users/records",
    '{"email":"a@b.c"}',
  ],
];

for (const [call, line, body] of calls) {
  await step(`${line} ${body ?? ""}`, async () => {
    const request = await sent(async () => {
      await call();
      client.authStore.save(token, superuser);
    });
    assert.equal(request.line, `${line} HTTP/1.1`);
    assert.equal(Buffer.from(request.body, "latin1").toString(), body ?? "");
    assert.equal(header(request, "accept-language"), "en-US");
    assert.equal(header(request, "content-type"), "application/json");
    assert.equal(header(request, "authorization"), token);
    assert.equal(
      header(request, "content-length"),
      body === undefined ? undefined : String(Buffer.byteLength(body)),
    );

    const [method, path] = line.split(" ");
    const options = { method, body: body ? JSON.parse(body) : undefined };
    assert.deepEqual(request, await sent(() => published.send(path, options)));
  });
}

for (const [file, path, expected] of [
  [
    new File(["#!/bin/sh\n"], "own.sh", { type: "text/x-shellscript" }),
    "sub/x.sh",
    ["sub/x.sh", "text/x-shellscript", "sub/x.sh"],
  ],
  [
    new File(["#!/bin/sh\n"], "own.sh"),
    undefined,
    ["own.sh", "application/octet-stream", undefined],
  ],
  [new Blob(["#!/bin/sh\n"]), undefined, ["upload.bin", "application/octet-stream", undefined]],
]) {
  await step(`upload of a ${file.constructor.name} to ${path}`, async () => {
    const request = await sent(() => scripts.upload({ file, path }));
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
      header(request, "content-type"),
    )[1];
    const [name, type, field] = expected;
    assert.equal(request.line, "POST /api/scripts/upload HTTP/1.1");
    assert.equal(
      request.body.trimEnd(),
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n#!/bin/sh\n\r\n` +
        (field
          ? `--${boundary}\r\nContent-Disposition: form-data; name="path"\r\n\r\n${field}\r\n`
          : "") +
        `--${boundary}--`,
    );

    const form = new FormData();
    form.append("file", file, name);
    if (field) {
      form.append("path", field);
    }
    const same = await sent(() =>
      published.send("/api/scripts/upload", { method: "POST", body: form }),
    );
    assert.deepEqual(unbound(request), unbound(same));
  });
}

/** The request without its random boundary. */
function unbound({ line, headers, body }) {
  return JSON.stringify({ line, headers, body }).replaceAll(/formdata-undici-\d+/g, "boundary");
}

await step("a login sends no token and keeps the one it gets", async () => {
  for (const pb of [client, published]) {
    pb.authStore.clear();
    const request = await sent(() => pb.collection("_superusers").authWithPassword("a@b.c", "pw"));
    assert.equal(request.line, "POST /api/collections/_superusers/auth-with-password HTTP/1.1");
    assert.equal(request.body, '{"identity":"a@b.c","password":"pw"}');
    assert.equal(header(request, "authorization"), undefined);
    pb.authStore.save(token, superuser);
  }
});

const query = { query: { q: "a&b" } };
const parameters = { arguments: ["1 2", "ü"], function_name: "main" };
const pairs = `q=a%26b&arguments=1%202&arguments=%C3%BC&function_name=main&token=${token}`;

await step("executeSSE asks with a query and without a token in a header", async () => {
  let source;
  const request = await sent(() => {
    source = scripts.executeSSE("add", parameters, query);
    return new Promise((refused) => source.addEventListener("error", refused));
  });
  source.close();
  assert.equal(request.line, `GET /api/scripts/add/execute/sse?${pairs} HTTP/1.1`);
  assert.equal(header(request, "authorization"), undefined);
});

await step("executeWebSocket upgrades with the same query", async () => {
  const request = await sent(() => {
    const options = { ...query, websocketProtocols: ["a", "b"], headers: { "X-Own": "1" } };
    const socket = scripts.executeWebSocket("add", parameters, options);
    return new Promise((refused) => socket.addEventListener("error", refused));
  });
  assert.equal(request.line, `GET /api/scripts/add/execute/ws?${pairs} HTTP/1.1`);
  assert.equal(header(request, "sec-websocket-protocol"), "a,b");
  assert.equal(header(request, "x-own"), "1");
  assert.equal(header(request, "authorization"), undefined);
});

await step(
  "without a superuser the calls throw before any request, but for the open ones",
  async () => {
    received.length = 0;
    client.authStore.save(token, { collectionName: "users" });
    for (const call of [
      () => scripts.list(),
      () => scripts.execute("add"),
      () => permissions.get("add"),
    ]) {
      assert.equal((await failure(call())).name, "Error");
    }
    assert.throws(() => scripts.executeSSE("add"));
    assert.equal(received.length, 0);
    await scripts.commandAsync("ls");
    await scripts.wasm("", "fib.wasm", "");
    await scripts.wasmAsync("", "fib.wasm", "");
    await scripts.wasmAsyncStatus("7");
    assert.equal(received.length, 4);
  },
);

listener.close();
end();

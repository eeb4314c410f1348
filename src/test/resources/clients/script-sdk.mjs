// The calls of the BosBase JavaScript SDK 0.27.10 that no published package has yet: what it sends,
// byte for byte, and what a program sees of it. Written from recorded requests; wire.mjs compares.

const SUPERUSERS = "_superusers";

export class ClientResponseError extends Error {
  constructor({ url, status = 0, response = {}, cause }) {
    super(response.message || "Something went wrong.", { cause });
    this.name = `ClientResponseError ${status}`;
    this.url = url;
    this.status = status;
    this.response = response;
    this.isAbort = cause?.name === "AbortError";
    this.originalError = cause ?? null;
  }
}

class AuthStore {
  token = "";
  record = null;

  save(token, record) {
    this.token = token || "";
    this.record = record || null;
  }

  clear() {
    this.save("", null);
  }

  /** Unexpired; a payload that plain atob refuses counts as no token at all. */
  get isValid() {
    return (claims(this.token).exp ?? 0) > Date.now() / 1000;
  }

  get isSuperuser() {
    return claims(this.token).type === "auth" && this.record?.collectionName === SUPERUSERS;
  }
}

export default class BosBase {
  authStore = new AuthStore();
  scripts = new Scripts(this);
  scriptsPermissions = new ScriptsPermissions(this);

  constructor(baseURL) {
    this.baseURL = baseURL.replace(/\/$/, "");
  }

  collection(name) {
    const path = `/api/collections/${encodeURIComponent(name)}`;
    const authenticated = (answer) => {
      this.authStore.save(answer.token, answer.record);
      return answer;
    };
    return {
      authWithPassword: async (identity, password) =>
        authenticated(await this.send(`${path}/auth-with-password`, post({ identity, password }))),
      authRefresh: async () => authenticated(await this.send(`${path}/auth-refresh`, post())),
      create: (body) => this.send(`${path}/records`, post(body)),
    };
  }

  async send(path, { method = "GET", body, query, headers = {} } = {}) {
    const isForm = body instanceof FormData;
    const all = isForm ? {} : { "Content-Type": "application/json" };
    all["Accept-Language"] = "en-US";
    if (this.authStore.token) {
      all.Authorization = this.authStore.token;
    }
    Object.assign(all, headers);
    const url = this.url(path, query);
    let answer;
    try {
      const text = isForm || body === undefined ? body : JSON.stringify(body);
      answer = await fetch(url, { method, headers: all, body: text });
    } catch (cause) {
      throw new ClientResponseError({ url, cause });
    }
    const response = await answer.json().catch(() => ({}));
    if (answer.status >= 400) {
      throw new ClientResponseError({ url: answer.url, status: answer.status, response });
    }
    return response;
  }

  url(path, query = {}) {
    const pairs = Object.entries(query)
      .flatMap(([key, value]) => [value].flat().map((one) => [key, one]))
      .filter(([, value]) => value !== undefined && value !== null)
      .map((pair) => pair.map(encodeURIComponent).join("="));
    return this.baseURL + path + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
  }

  requireSuperuser() {
    if (!this.authStore.isSuperuser) {
      throw new Error("Superuser authentication is required.");
    }
  }
}

class Scripts {
  constructor(client) {
    this.client = client;
  }

  async create({ name, content, description = "" }) {
    return this.asSuperuser(
      "",
      post({ name: required(name).trim(), content: required(content), description }),
    );
  }

  async get(name) {
    return this.asSuperuser(`/${segment(name)}`);
  }

  async list(options) {
    return (await this.asSuperuser("", options)).items;
  }

  async update(name, changes) {
    return this.asSuperuser(`/${segment(name)}`, { method: "PATCH", body: changes });
  }

  async delete(name) {
    await this.asSuperuser(`/${segment(name)}`, { method: "DELETE" });
    return true;
  }

  async execute(name, parameters, options) {
    return this.asSuperuser(`/${segment(name)}/execute`, start(parameters, options));
  }

  async executeAsync(name, parameters, options) {
    return this.asSuperuser(`/async/${segment(name)}/execute`, start(parameters, options));
  }

  async executeAsyncStatus(id) {
    return this.asSuperuser(`/async/${segment(id)}`);
  }

  executeSSE(name, parameters, { query, headers, eventSourceInit } = {}) {
    const url = this.streamUrl(name, "sse", parameters, query);
    return new globalThis.EventSource(url, { ...eventSourceInit, ...(headers && { headers }) });
  }

  executeWebSocket(name, parameters, { query, headers, websocketProtocols } = {}) {
    const url = this.streamUrl(name, "ws", parameters, query).replace(/^http/, "ws");
    return headers
      ? new globalThis.WebSocket(url, websocketProtocols, { headers })
      : new globalThis.WebSocket(url, websocketProtocols);
  }

  async command(command) {
    return this.asSuperuser("/command", post({ command: required(command) }));
  }

  async commandAsync(command) {
    return this.client.send(
      "/api/scripts/command",
      post({ command: required(command), async: true }),
    );
  }

  async commandStatus(id) {
    return this.asSuperuser(`/command/${segment(id)}`);
  }

  /** The file's part is named after the path, and comes first. */
  async upload({ file, path }) {
    const form = new FormData();
    form.append("file", file, path || file.name || "upload.bin");
    if (path) {
      form.append("path", path);
    }
    return this.asSuperuser("/upload", post(form));
  }

  async wasm(options, wasm, params) {
    return this.client.send("/api/scripts/wasm", post({ options, wasm: required(wasm), params }));
  }

  async wasmAsync(options, wasm, params) {
    return this.client.send(
      "/api/scripts/wasm/async",
      post({ options, wasm: required(wasm), params }),
    );
  }

  async wasmAsyncStatus(id) {
    return this.client.send(`/api/scripts/wasm/async/${segment(id)}`);
  }

  asSuperuser(path, options) {
    this.client.requireSuperuser();
    return this.client.send(`/api/scripts${path}`, options);
  }

  streamUrl(name, kind, parameters, query) {
    this.client.requireSuperuser();
    const token = this.client.authStore.token || undefined;
    const { arguments: args, function_name } = inputOf(parameters) ?? {};
    return this.client.url(`/api/scripts/${segment(name)}/execute/${kind}`, {
      ...query,
      arguments: args,
      function_name,
      token,
    });
  }
}

class ScriptsPermissions {
  constructor(client) {
    this.client = client;
  }

  async create({ scriptId, scriptName, content }) {
    const body = {
      script_id: scriptId,
      script_name: required(scriptName),
      content: required(content),
    };
    return this.asSuperuser("", post(body));
  }

  async get(name) {
    return this.asSuperuser(`/${segment(name)}`);
  }

  async update(name, { scriptId, scriptName, content }) {
    const body = { script_id: scriptId, script_name: scriptName, content };
    return this.asSuperuser(`/${segment(name)}`, { method: "PATCH", body });
  }

  async delete(name) {
    await this.asSuperuser(`/${segment(name)}`, { method: "DELETE" });
    return true;
  }

  asSuperuser(path, options) {
    this.client.requireSuperuser();
    return this.client.send(`/api/script-permissions${path}`, options);
  }
}

function post(body) {
  return { method: "POST", body };
}

function start(parameters, options) {
  const body = inputOf(parameters);
  return { method: "POST", ...(body ? options : parameters), body };
}

/** The body of a start; nothing where the parameters are the call's options. */
function inputOf(parameters) {
  if (Array.isArray(parameters)) {
    return { arguments: parameters.map(String) };
  }
  if (parameters?.arguments === undefined && parameters?.function_name === undefined) {
    return undefined;
  }
  const { arguments: args, function_name } = parameters;
  return { arguments: args?.map(String), function_name };
}

function segment(text) {
  return encodeURIComponent(required(text));
}

function required(text) {
  if (!text?.trim()) {
    throw new Error("A value is required.");
  }
  return text;
}

function claims(token) {
  try {
    return JSON.parse(atob(token.split(".")[1]));
  } catch {
    return {};
  }
}

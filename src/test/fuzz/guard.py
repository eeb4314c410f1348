"""Keeps what schemathesis makes up from doing harm, and tells declared failures from bugs.

The service under test really runs scripts, commands and wasm and really stores files. So whatever
is executed here is one of a few harmless things that the test has prepared; made-up text reaches
everything else. Every request and its status become a line of the file FUZZ_CASES.
"""

import itertools
import json
import os
import threading
import zlib
from urllib.parse import unquote

import schemathesis

# Starting python takes longest.
RUNNABLE = ["fuzz-ok.sh"] * 5 + ["fuzz-fail.sh"] * 2 + ["fuzz-main.py"]
OWNER = os.environ["FUZZ_OWNER"]
LOGIN = json.loads(os.environ["FUZZ_LOGIN"])
FAILURES = {
    "executeScript": "Script execution failed.",
    "executeScriptSse": "Script execution failed.",
    "runCommand": "Failed to execute command.",
    "runWasm": "Failed to execute WASM function.",
}
UPLOADS = ["Failed to store uploaded file.", "Failed to prepare upload destination."]
COMMANDS = ["true", "exit 3", "echo fuzz"]
WASM = ["fuzz.wasm", "none.wasm", " "]
WASM_OPTIONS = ["", "--reactor", "--time-limit 1000", "--memory-page-limit 16", "--none"]

calls = itertools.count()
lock = threading.Lock()
cases = open(os.environ["FUZZ_CASES"], "w", buffering=1)
made = {"script": [], "permission": [], "account": [], "job": [], "command": [], "wasm": []}


def number(value):
    """Like a random one, another for each call, and the same in each run."""
    return zlib.crc32(f"{next(calls)} {value!r}".encode("utf-8", "surrogatepass"))


def one_of(values, value):
    return values[number(value) % len(values)]


def sometimes(kind, value, case=None):
    """A thing that is there instead of the made-up one, every other time.

    The first three of a kind are never deleted.
    """
    with lock:
        first = [] if case and case.method == "DELETE" else made[kind][:3]
        known = first + made[kind][3:][-20:]
    return one_of(known, value) if known and number(value) % 2 else value


def operation_id(case):
    return case.operation.definition.raw.get("operationId")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    if case.query:
        # It takes away what the schemas ask for.
        case.query.pop("fields", None)
    guard_path(case)
    guard_body(case)


def guard_path(case):
    path = case.path_parameters
    if not path:
        return
    route = case.operation.path
    if route.endswith(("/execute", "/execute/sse", "/execute/ws")):
        given = path["name"]
        # No stored script begins with "none-": see created_script.
        path["name"] = one_of([*RUNNABLE, "none-" + str(given)[:60]], given)
    elif route == "/api/scripts/{name}":
        path["name"] = sometimes("script", path["name"], case)
        changes = operation_id(case) != "getScript"
        if changes and unquote(str(path["name"])).strip().startswith("fuzz-"):
            path["name"] = "none-" + str(path["name"])
    elif route == "/api/script-permissions/{name}":
        path["name"] = sometimes("permission", path["name"], case)
    elif route.startswith("/api/collections/"):
        guard_account(case, path)
    elif "id" in path:
        path["id"] = sometimes(kind_of_job(route), path["id"])


def guard_account(case, path):
    if operation_id(case) == "authWithPassword":
        path["collection"] = one_of(["_superusers", "users", path["collection"]], path)
    if "id" not in path:
        return
    given, path["id"] = path["id"], sometimes("account", path["id"], case)
    if path["id"] != given:
        path["collection"] = "users"
    if unquote(str(path["id"])).strip() == OWNER:
        path["id"] = "none"


def kind_of_job(route):
    return "command" if "/command" in route else "wasm" if "/wasm" in route else "job"


def guard_body(case):
    guards = {
        "authWithPassword": login,
        "createAccount": created_account,
        "createScript": created_script,
        "impersonate": impersonated,
        "runCommand": command,
        "findCommandStatus": command_status,
        "uploadFile": upload,
        "runWasm": wasm,
        "startWasm": wasm,
    }
    guard = guards.get(operation_id(case))
    if guard is None or isinstance(case.body, schemathesis.core.NotSet):
        return
    isolated = case.media_type == "application/json"
    if isinstance(case.body, dict):
        body = {key: value for key, value in case.body.items() if key != "@jsonPayload"}
        guard(body, isolated)
        case.body = body
    elif not isolated or isinstance(case.body, (bytes, str)):
        # Nobody looks into these: they could be forms or JSON of their own.
        case.body = {}


def replaced(body, field, isolated, value):
    """Other types are refused in JSON; a form makes text of them."""
    if field in body and (isinstance(body[field], str) or not isolated):
        if str(body[field]).strip():
            body[field] = value


def login(body, isolated):
    if number(body) % 4 == 0:
        body.clear()
        body.update(LOGIN)


def created_account(body, isolated):
    if number(body) % 2:
        address = f"fuzz-{number(body)}@example.com"
        body.clear()
        body.update(email=address, password="correct horse", passwordConfirm="correct horse")


def impersonated(body, isolated):
    if number(body) % 2:
        body.clear()


def created_script(body, isolated):
    given = body.get("name")
    if isinstance(given, str) and given.strip().startswith(("none-", "fuzz-")):
        body["name"] = "x" + given.strip()


def command(body, isolated):
    replaced(body, "command", isolated, one_of(COMMANDS, body.get("command")))
    if isolated and number(body) % 3:
        body["async"] = True


def command_status(body, isolated):
    if "id" in body:
        body["id"] = sometimes("command", body["id"])


def upload(body, isolated):
    given = str(body.get("path", "")).replace("..", "_")
    replaced(body, "path", isolated, one_of(["../outside", "/outside", "up/" + given], given))


def wasm(body, isolated):
    replaced(body, "wasm", isolated, one_of(WASM, body.get("wasm")))
    replaced(body, "options", isolated, one_of(WASM_OPTIONS, body.get("options")))


@schemathesis.hook
def after_call(ctx, case, response):
    with lock:
        cases.write(f"{response.status_code} {case.operation.label}\n")
        if response.status_code in (200, 201, 202):
            note(operation_id(case), case.operation.path, response)


def note(name, route, response):
    """What later requests may ask for."""
    if name == "createScript":
        made["script"].append(response.json()["name"])
    elif name == "setPermission":
        made["permission"].append(response.json()["scriptName"])
    elif name == "createAccount":
        made["account"].append(response.json()["id"])
    elif name in ("startScript", "startWasm", "runCommand") and "id" in response.json():
        made[kind_of_job(route)].append(response.json()["id"])


@schemathesis.hook
def filter_failure(ctx, failure, case, response):
    """Keeps every 5xx a failure but the ones that the document declares."""
    return type(failure).__name__ != "ServerError" or not declared(case, response)


def declared(case, response):
    if response.status_code == 503:
        return "retry-after" in {header.lower() for header in response.headers}
    if response.status_code != 500:
        return False
    try:
        body = response.json()
        if operation_id(case) == "uploadFile":
            return body["message"] in UPLOADS
        return (
            body["message"] == FAILURES.get(operation_id(case))
            and body["status"] == 500
            and isinstance(body["data"]["output"], str)
        )
    except (json.JSONDecodeError, LookupError, TypeError):
        return False

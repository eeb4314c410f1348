"""The examples of the Scripts API document through PyPI's bosbase, in their order."""

import io
import json
import os
import threading

from bosbase import BosBase
from bosbase.exceptions import ClientResponseError

from steps import EXECUTE_PATH, IDENTITY, PASSWORD, URL, end, ended, refused, same, skip, step

pb = BosBase(URL)
guest = BosBase(URL)
user = BosBase(URL)

GREETING = 'def main():\n    print("{}")\n\n\nif __name__ == "__main__":\n    main()'


@step("health")
def _():
    same(guest.health.check(), {"message": "API is healthy.", "code": 200, "data": {}})


@step("Authentication: as a superuser")
def _():
    answer = pb.collection("_superusers").auth_with_password(IDENTITY, PASSWORD)
    same(answer["record"]["email"], IDENTITY)
    same(pb.auth_store.token, answer["token"])
    same(pb.auth_store.is_valid(), True)


@step("Creating a script")
def _():
    script = pb.scripts.create(
        "hello.py",
        GREETING.format("Hello from functions!"),
        description="Hello from functions!",
    )
    same(script["version"], 1)
    same(script["name"], "hello.py")
    same(script["description"], "Hello from functions!")
    refused(lambda: pb.scripts.create("hello.py", "1"), 400, "Script already exists.")


@step("Reading scripts")
def _():
    same(pb.scripts.get("hello.py")["content"], GREETING.format("Hello from functions!"))
    same([(s["name"], s["version"]) for s in pb.scripts.list()], [("hello.py", 1)])


@step("Updating a script")
def _():
    updated = pb.scripts.update(
        "hello.py",
        content=GREETING.format("Hi from functions!"),
        description="Now returns both total and count",
    )
    same(updated["version"], 2)
    refused(
        lambda: pb.scripts.update("hello.py.py", description="Docs-only tweak"),
        404,
        "Script not found.",
    )
    same(pb.scripts.update("hello.py", description="Docs-only tweak")["version"], 3)


@step("Executing scripts")
def _():
    same(pb.scripts.execute("hello.py")["output"], "Hi from functions!\n")
    pb.scripts.create("add.py", "import sys\nprint(sum(map(int, sys.argv[1:])))")
    same(pb.scripts.execute("add.py", arguments=["10", 20])["output"], "30\n")


@step("Executing with fields and an empty set of arguments")
def _():
    answer = pb.scripts.execute("add.py", arguments=[], query={"fields": "output"})
    same(answer, {"output": "0\n"})


@step("A script that fails")
def _():
    pb.scripts.create("fails.py", "print('half')\nraise SystemExit(3)")
    try:
        pb.scripts.execute("fails.py")
        raise AssertionError("no error")
    except ClientResponseError as error:
        same(error.status, 500)
        same(error.response["message"], "Script execution failed.")
        same(error.response["data"]["output"], "half\n")
        same(error.response["data"]["exitCode"], 3)


@step("Executing asynchronously")
def _():
    pb.scripts.create(
        "long-task.py",
        "import time\n\ndef main(a, b):\n    time.sleep(0.5)\n    return int(a) + int(b)",
    )
    started = pb.scripts.execute_async(
        "long-task.py", arguments=["10", "20"], function_name="main"
    )
    same(started["status"], "running")
    job = ended(lambda: pb.scripts.execute_async_status(started["id"]))
    same((job["status"], job["output"]), ("done", "30"))


DOCUMENTED = 'def main(a, b):\n    return f"doc execution success updated {a} {b}"'


@step("Streaming execution (SSE)")
def _():
    pb.scripts.create("add", DOCUMENTED)
    stream = pb.scripts.execute_sse("add", arguments=["10", "20"])
    lines = [line for line in stream if line.startswith("data:")]
    stream.close()
    same([json.loads(line[5:]) for line in lines][0]["output"], "doc execution success updated 10 20")
    same(len(lines), 1)


@step("WebSocket execution with query params")
def _():
    ws = pb.scripts.execute_websocket("add", arguments=["1", "2"], websocket_protocols=["own"])
    same(ws.getsubprotocol(), "own")
    same(json.loads(ws.recv())["output"], "doc execution success updated 1 2")
    opcode, reason = ws.recv_data()
    same((opcode, int.from_bytes(reason[:2], "big")), (8, 1000))
    ws.close()


@step("WebSocket execution with a message after connect")
def _():
    ws = pb.scripts.execute_websocket("add")
    ws.send(json.dumps({"arguments": ["3", "4"]}))
    same(json.loads(ws.recv())["output"], "doc execution success updated 3 4")
    ws.close()


@step("Permissions: create or update, and get")
def _():
    same(pb.scripts_permissions.create(script_name="hello.py", content="user")["version"], 1)
    same(pb.scripts_permissions.get("hello.py")["content"], "user")


@step("Permissions: user and guest")
def _():
    email = "py@example.com"
    guest.collection("users").create(
        body={"email": email, "password": PASSWORD, "passwordConfirm": PASSWORD}
    )
    user.collection("users").auth_with_password(email, PASSWORD)
    same(user.scripts.execute("hello.py")["output"], "Hi from functions!\n")
    refused(
        lambda: guest.scripts.execute("hello.py"),
        401,
        "The request requires valid record authorization token.",
    )
    refused(
        lambda: user.scripts.execute("add.py", arguments=["1"]),
        403,
        "You are not allowed to execute this script.",
    )
    refused(
        user.scripts.list, 403, "The authorized record is not allowed to perform this action."
    )
    pb.scripts_permissions.update("hello.py", content="anonymous")
    same(guest.scripts.execute("hello.py")["output"], "Hi from functions!\n")


@step("Refreshing a login")
def _():
    token = user.auth_store.token
    user.collection("users").auth_refresh()
    same(user.auth_store.token != token, True)
    same(user.scripts.execute("hello.py")["output"], "Hi from functions!\n")


@step("Shell commands")
def _():
    output = pb.scripts.command("cat pyproject.toml")["output"]
    same(output.startswith('[project]\nname = "functions"\n'), True)
    same(pb.scripts.command("echo $EXECUTE_PATH; pwd >&2")["output"], f"{EXECUTE_PATH}\n" * 2)
    try:
        pb.scripts.command("echo no; exit 4")
        raise AssertionError("no error")
    except ClientResponseError as error:
        same(error.status, 500)
        same(error.response["data"]["exitCode"], 4)


if "UV" in os.environ:

    @step("Shell commands: uv add")
    def _():
        pb.scripts.command('uv add --frozen "httpx>0.1.0"')
        same('"httpx>0.1.0"' in pb.scripts.command("cat pyproject.toml")["output"], True)

else:
    skip("Shell commands: uv add", "needs uv; .ci/run installs it into target/tools")


@step("Shell commands: asynchronously")
def _():
    started = pb.scripts.command_async("echo later")
    same(started["status"], "running")
    job = ended(lambda: pb.scripts.command_status(started["id"]))
    same((job["status"], job["output"]), ("done", "later\n"))


@step("Uploading: a path, bytes, a tuple, a file object")
def _():
    text = b'#!/bin/sh\necho "upload-ok"\n'
    uploaded = pb.scripts.upload(text, path="hello-upload.sh")
    same(uploaded["output"], f"uploaded hello-upload.sh to {EXECUTE_PATH}")
    same(pb.scripts.command("./hello-upload.sh")["output"], "upload-ok\n")
    pb.scripts.upload(("tuple.sh", io.BytesIO(text), "text/x-shellscript"))
    same(pb.scripts.command("./tuple.sh")["output"], "upload-ok\n")
    same(pb.scripts.upload(__file__, path="sub/own.py")["path"], f"{EXECUTE_PATH}/sub/own.py")
    refused(lambda: pb.scripts.upload(text, path="../x"), 400, "Invalid path.")
    refused(
        lambda: guest.scripts.upload(text, path="x"),
        401,
        "The request requires valid record authorization token.",
    )


@step("WASM with an uploaded wasmedge")
def _():
    pb.scripts.upload(b'#!/bin/sh\necho "wasm-runner $@"\n', path="wasmedge")
    result = pb.scripts.wasm(
        '--reactor --env "REDIS_URL=redis://localhost/"', "fibonacci.wasm", params="fib 10"
    )
    same(
        result["output"],
        "wasm-runner --reactor --env REDIS_URL=redis://localhost/ fibonacci.wasm fib 10\n",
    )


@step("WASM asynchronously")
def _():
    started = pb.scripts.wasm_async("--reactor", "fibonacci.wasm", params="fib 35")
    job = ended(lambda: pb.scripts.wasm_async_status(started["id"]))
    same((job["status"], job["stderr"]), ("done", ""))
    same(job["output"], "wasm-runner --reactor fibonacci.wasm fib 35\n")


@step("Parallel executes keep their outputs apart")
def _():
    pb.auto_cancellation(False)
    outputs = {}

    def one(n):
        outputs[n] = pb.scripts.execute("add.py", arguments=[n])["output"]

    threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(outputs, {n: f"{n}\n" for n in range(8)})


@step("Permissions: update, delete")
def _():
    same(pb.scripts_permissions.update("hello.py", content="superuser")["content"], "superuser")
    pb.scripts_permissions.delete("hello.py")
    refused(lambda: pb.scripts_permissions.get("hello.py"), 404, "Permission not found.")


@step("Deleting scripts")
def _():
    same(pb.scripts.delete("hello.py"), None)
    refused(lambda: pb.scripts.get("hello.py"), 404, "Script not found.")


end()

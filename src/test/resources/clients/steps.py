"""A client program: its steps are reported as lines of JSON, which the test that started it reads."""

import json
import os
import time
import traceback

from bosbase.exceptions import ClientResponseError

URL = os.environ["RUNNEL"]
IDENTITY = os.environ["IDENTITY"]
PASSWORD = os.environ["PASSWORD"]
EXECUTE_PATH = os.environ["EXECUTE_PATH"]

_taken = 0


def step(name):
    """Takes the step that is decorated. A failure is reported; later steps run all the same."""

    def take(body):
        global _taken
        _taken += 1
        try:
            body()
            _report({"step": name, "ok": True})
        except Exception:
            _report({"step": name, "ok": False, "detail": traceback.format_exc()})
        return body

    return take


def skip(name, reason):
    """A step that cannot be taken here."""
    global _taken
    _taken += 1
    _report({"step": name, "skipped": reason})


def end():
    """Says that all steps were taken."""
    _report({"end": _taken})


def same(got, expected):
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


def refused(call, status, message, data=None):
    """A call that the service refuses with this error."""
    try:
        result = call()
    except ClientResponseError as error:
        expected = {"status": status, "message": message, "data": data or {}}
        same((error.status, error.response), (status, expected))
        return error
    raise AssertionError(f"expected an error, got {result!r}")


def ended(ask, seconds=20):
    """The job when it does not run any more."""
    late = time.monotonic() + seconds
    while True:
        job = ask()
        if job["status"] != "running":
            return job
        if time.monotonic() > late:
            raise AssertionError(f"still {job!r}")
        time.sleep(0.05)


def _report(result):
    print(json.dumps(result), flush=True)

"""Starts the service of an image, asks for its health, and stops it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from replay.outcome import Failed

READY_SECONDS = 90
STOP_SECONDS = 40


class Service:
    """The image, started."""

    def __init__(self, image):
        self.image = image

    def check(self):
        image = self.image
        started = time.monotonic()
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            shell = subprocess.Popen(
                image.enter(["--loopback"], [*image.entrypoint, *image.command], ["--net"]),
                env=image.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                self.wait_until_healthy(shell)
                print(f"replay: healthy {time.monotonic() - started:.1f} s after the start", flush=True)
                self.check_process(shell)
                for path in ("/api/health", "/api/health/live"):
                    self.check_answer(shell, path)
                self.stop(shell)
            except Failed:
                log.seek(0)
                sys.stdout.write("".join(log.readlines()[-60:]))
                raise
            finally:
                shell.kill()
                shell.wait()

    def wait_until_healthy(self, shell):
        deadline = time.monotonic() + READY_SECONDS
        while True:
            if shell.poll() is not None:
                raise Failed(f"the service ended by itself with exit code {shell.returncode}")
            if first_process(shell) and self.exec(shell, *self.image.health).returncode == 0:
                return
            if time.monotonic() > deadline:
                raise Failed(f"the HEALTHCHECK did not pass within {READY_SECONDS} s")
            time.sleep(0.2)

    def check_process(self, shell):
        uid = os.stat(f"/proc/{first_process(shell)}").st_uid
        if uid != self.image.owner(self.image.user)[0] or uid == 0:
            raise Failed(f"the service runs with uid {uid}")

    def check_answer(self, shell, path):
        url = f"http://127.0.0.1:{self.image.environment['RUNNEL_HTTP_PORT']}{path}"
        answer = self.exec(shell, "curl", "-sS", "-m", "10", "-w", "\n%{http_code}", url).stdout
        print(f"replay: GET {path}: {' '.join(answer.split())}", flush=True)
        if answer.splitlines()[-1:] != ["200"]:
            raise Failed(f"GET {path} is not answered by 200")

    def stop(self, shell):
        os.kill(first_process(shell), signal.SIGTERM)
        try:
            code = shell.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed(f"the service still runs {STOP_SECONDS} s after TERM") from None
        print(f"replay: exit code {code} after TERM", flush=True)
        if code != 0:
            raise Failed("the service did not end with exit code 0")

    def exec(self, shell, *command):
        """Runs a command beside the service, as docker exec does."""
        uid, gid = map(str, self.image.owner(self.image.user))
        into = ("nsenter", "--target", str(first_process(shell)), "--mount", "--pid", "--net")
        return subprocess.run(
            [*into, "--setuid", uid, "--setgid", gid, "--", *command],
            env=self.image.environment,
            capture_output=True,
            text=True,
        )


def first_process(shell):
    """The pid, seen from here, of the first process in the namespace that unshare made; 0 before."""
    children = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
    return int(children[0]) if children else 0

"""A root directory with what a Dockerfile says about running in it."""

import sys
from pathlib import Path

from replay.host import PATH

ENTER = Path(__file__).resolve().parent / "enter_root.py"


class Image:
    """A root and what the instructions said about running in it."""

    def __init__(self, root):
        self.root = root
        self.environment = {"PATH": PATH}
        self.arguments = {}
        self.workdir = "/"
        self.user = "root"
        self.entrypoint = []
        self.command = []
        self.health = []

    def inside(self, path):
        return self.root / path.lstrip("/")

    def owner(self, name):
        """The numbers of a user:group by the root's own files."""
        user, _, group = name.partition(":")
        return self.number("passwd", user), self.number("group", group or user)

    def number(self, file, name):
        if name.isdigit():
            return int(name)
        lines = [line.split(":") for line in self.inside(f"etc/{file}").read_text().splitlines()]
        return next(int(line[2]) for line in lines if line[0] == name)

    def enter(self, options, command, unshare=()):
        return [
            *("unshare", "--mount", "--pid", "--fork", "--kill-child", *unshare),
            *(sys.executable, "-I", str(ENTER), "--user", self.user, "--workdir", self.workdir, *options),
            *(str(self.root), *command),
        ]

"""Reads the Dockerfile instructions that replay-dockerfile can replay."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Step:
    """One instruction: its name, its --flags, and the rest of its text."""

    name: str
    flags: list
    text: str

    def flag(self, name, otherwise=None):
        found = [value for key, _, value in (flag.partition("=") for flag in self.flags) if key == name]
        return found[-1] if found else otherwise

    def command(self):
        """The argument vector of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, in its shell or its JSON form."""
        text = self.text.removeprefix("CMD").strip()
        return json.loads(text) if text.startswith("[") else ["/bin/sh", "-c", text]


@dataclass
class Stage:
    base: str
    name: str
    steps: list = field(default_factory=list)


def read(path):
    """The stages of a Dockerfile, in order."""
    stages = []
    for line in instructions(path.read_text()):
        name, _, text = line.partition(" ")
        flags = []
        while match := re.match(r"\s*--(\S+)\s+", text):
            flags.append(match[1])
            text = text[match.end() :]
        step = Step(name.upper(), flags, text.strip())
        if step.name == "FROM":
            words = step.text.split()
            stages.append(Stage(words[0], words[2] if len(words) == 3 else ""))
        else:
            stages[-1].steps.append(step)
    return stages


def instructions(text):
    """Logical lines: continuations joined, comments and empty lines left out."""
    parts = []
    for line in text.splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if line.endswith("\\"):
            parts.append(line[:-1])
            continue
        yield "".join([*parts, line]).strip()
        parts = []


def pairs(text):
    """The name=value pairs of an ENV, with quotes taken away."""
    return [word.partition("=")[::2] for word in shlex.split(text)]


def expand(text, variables):
    return re.sub(r"\$(?:(\w+)|\{(\w+)\})", lambda name: variables.get(name[1] or name[2], ""), text)


class Ignore:
    """The rules of a .dockerignore; the last one that fits a path or a folder above it decides."""

    def __init__(self, path):
        lines = path.read_text().splitlines() if path.exists() else []
        rules = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        self.rules = [(rule.startswith("!"), pattern(rule.lstrip("!").strip("/"))) for rule in rules]

    def covers(self, path):
        path = Path(path)
        names = [str(part) for part in (path, *path.parents) if str(part) != "."]
        covered = False
        for exempts, rule in self.rules:
            if any(rule.fullmatch(name) for name in names):
                covered = not exempts
        return covered


def pattern(rule):
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", rule)
    return re.compile("".join(signs.get(part, re.escape(part)) for part in parts))

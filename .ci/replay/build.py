"""Makes the root of every stage."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from replay import host
from replay.dockerfile import Ignore, expand, pairs
from replay.image import Image
from replay.outcome import Failed

PROJECT = Path(__file__).resolve().parent.parent.parent


class Build:
    """Makes a root per stage."""

    def __init__(self, work, arguments):
        self.work = work
        self.arguments = arguments
        self.log = work / "log"
        self.ignore = Ignore(PROJECT / ".dockerignore")
        self.bases = {}
        self.images = {}

    def all(self, stages):
        for number, stage in enumerate(stages, 1):
            image = Image(self.work / f"stage{number}")
            copy_tree(self.base(stage.base), image.root)
            title = stage.name or "final"
            for position, step in enumerate(stage.steps, 1):
                started = time.monotonic()
                self.step(image, step)
                took = time.monotonic() - started
                what = " ".join(f"{step.name} {step.text}".split())
                print(f"replay: {title} {position}/{len(stage.steps)} {took:5.1f} s  {what:.90}", flush=True)
            self.images[stage.name or str(number - 1)] = image
        return image

    def base(self, name):
        if name in self.images:
            return self.images[name].root
        if name not in self.bases:
            started = time.monotonic()
            suite = host.suite(name)
            root = self.work / f"base-{suite}"
            addresses = host.mirrors(suite)
            self.run(["debootstrap", "--variant=minbase", suite, str(root), addresses[suite]])
            host.prepare(root, addresses)
            print(f"replay: root for {name} in {time.monotonic() - started:.1f} s", flush=True)
            self.bases[name] = root
        return self.bases[name]

    def step(self, image, step):
        variables = {**image.arguments, **image.environment}
        text = expand(step.text, variables)
        match step.name:
            case "RUN":
                self.run_step(image, step)
            case "COPY":
                self.copy(image, step, text)
            case "ENV":
                image.environment.update(pairs(text))
            case "ARG":
                name, _, value = text.partition("=")
                image.arguments[name] = self.arguments.get(name, value)
            case "WORKDIR":
                image.workdir = os.path.join(image.workdir, text)
                image.inside(image.workdir).mkdir(parents=True, exist_ok=True)
            case "USER":
                image.user = text
            case "ENTRYPOINT":
                image.entrypoint = step.command()
            case "CMD":
                image.command = step.command()
            case "HEALTHCHECK":
                image.health = step.command()
            case "LABEL" | "EXPOSE" | "VOLUME":
                pass
            case _:
                raise Failed(f"the replay does not know the instruction {step.name}")

    def run_step(self, image, step):
        binds = []
        for flag in step.flags:
            mount = dict(pair.split("=", 1) for pair in flag.removeprefix("mount=").split(","))
            if mount.get("type") != "cache":
                raise Failed(f"the replay does not know --{flag}")
            binds += ["--bind", f"{self.cache(mount['target'])}:{mount['target']}"]
        environment = {**host.settings(), **image.arguments, **image.environment}
        self.run(image.enter(binds, step.command()), env=environment)

    def cache(self, target):
        folder = self.work / ("cache" + target.replace("/", "-"))
        if not folder.exists():
            theirs = Path.home() / ".m2"
            if target == "/root/.m2" and theirs.is_dir():
                copy_tree(theirs, folder)
            else:
                folder.mkdir()
        return folder

    def copy(self, image, step, text):
        *sources, target = text.split()
        into = image.inside(os.path.join(image.workdir, target))
        if target.endswith("/") or len(sources) > 1:
            into.mkdir(parents=True, exist_ok=True)
        origin = step.flag("from")
        top = self.images[origin].root if origin else PROJECT
        owner = image.owner(step.flag("chown", "0:0"))
        mode = step.flag("chmod")
        for source in sources:
            start = top / source.lstrip("/")
            if not start.exists():
                raise Failed(f"COPY: there is no {source}")
            for path in [start, *sorted(start.rglob("*"))]:
                if not origin and self.ignore.covers(path.relative_to(PROJECT)):
                    continue
                place(path, goal(start, path, into), owner, mode)

    def run(self, command, env=None):
        with self.log.open("wb") as log:
            code = subprocess.run(
                command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            ).returncode
        if code != 0:
            sys.stdout.write("".join(self.log.read_text(errors="replace").splitlines(True)[-60:]))
            raise Failed(f"exit code {code} of: {' '.join(command)}")


def copy_tree(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def goal(start, path, into):
    """Where COPY puts a path: a folder's content goes into the target, a file beside or as it."""
    if start.is_dir():
        return into / path.relative_to(start)
    return into / path.name if into.is_dir() else into


def place(path, target, owner, mode):
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(os.readlink(path))
    elif path.is_dir():
        target.mkdir(exist_ok=True)
        shutil.copystat(path, target)
    else:
        shutil.copy2(path, target)
    os.chown(target, *owner, follow_symlinks=False)
    if mode and not path.is_symlink():
        target.chmod(int(mode, 8))

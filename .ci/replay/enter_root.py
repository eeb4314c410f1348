"""Runs a command in a directory as if that were a container's root: enter_root.py [options] ROOT COMMAND...

Started by the replay under unshare --mount --pid --fork, so that mounts and processes end
with the command. The command sees its own /proc, /sys (read-only) and /dev (with the host's null,
zero, full, random, urandom and tty), what --bind names, and nothing else of the host's files.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
MNT_DETACH = 2
PR_SET_PDEATHSIG = 1
SIOCSIFFLAGS = 0x8914
IFF_UP = 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", action="append", default=[], metavar="FROM:TO")
    parser.add_argument("--user", default="root")
    parser.add_argument("--workdir", default="/")
    parser.add_argument("--loopback", action="store_true", help="a new network with lo alone")
    parser.add_argument("root", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    # The command's PATH is the container's; the tools used here are the host's.
    environment = dict(os.environ)
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    root = options.root.resolve()
    uid, gid, groups, home = identity(root, options.user)
    environment.setdefault("HOME", home)
    if options.loopback:
        raise_loopback()
    mount_all(root, options.bind)
    become_root_directory(root)
    os.chdir(options.workdir)
    os.setgroups(groups)
    os.setgid(gid)
    os.setuid(uid)
    # unshare --kill-child asked for this; the change of user took it away.
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.environ["PATH"] = environment["PATH"]
    os.execvpe(options.command[0], options.command, environment)


def identity(root, name):
    """The ids, groups and home of a user by the root's own files."""
    users = [line.split(":") for line in (root / "etc/passwd").read_text().splitlines()]
    for user, _, uid, gid, _, home, _ in users:
        if name in (user, uid):
            lines = [line.split(":") for line in (root / "etc/group").read_text().splitlines()]
            groups = [int(group) for _, _, group, members in lines if user in members.split(",")]
            return int(uid), int(gid), [int(gid), *groups], home
    raise SystemExit(f"enter_root: no user {name} in {root}")


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def mount_all(root, binds):
    mount("--bind", root, root)
    mount("-t", "proc", "proc", root / "proc")
    mount("-t", "sysfs", "-o", "ro", "sysfs", root / "sys")
    dev = root / "dev"
    mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", dev)
    for device in ("null", "zero", "full", "random", "urandom", "tty"):
        (dev / device).touch()
        mount("--bind", f"/dev/{device}", dev / device)
    for folder, kind, flags in (("pts", "devpts", "newinstance,ptmxmode=0666"), ("shm", "tmpfs", "mode=1777")):
        (dev / folder).mkdir()
        mount("-t", kind, "-o", flags, kind, dev / folder)
    for name, target in (
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
    ):
        (dev / name).symlink_to(target)
    for bind in binds:
        source, target = bind.split(":")
        inside = root / target.lstrip("/")
        inside.mkdir(parents=True, exist_ok=True)
        mount("--bind", source, inside)


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def become_root_directory(root):
    """pivot_root rather than chroot: a process in a chroot may not make user namespaces."""
    os.chdir(root)
    (root / "mnt").mkdir(exist_ok=True)
    subprocess.run(["pivot_root", ".", "mnt"], check=True)
    os.chdir("/")
    if LIBC.umount2(b"/mnt", MNT_DETACH) != 0:
        raise OSError(ctypes.get_errno(), "umount2 of the old root")


main()

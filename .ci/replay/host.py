"""What the host gives to a replay: apt's mirror, the network, certificates."""

import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from replay.outcome import Skipped

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def check(stages):
    if os.geteuid() != 0:
        raise Skipped("it needs root")
    for tool in ("debootstrap", "unshare", "nsenter", "pivot_root", "apt-get"):
        if not shutil.which(tool, path=PATH):
            raise Skipped(f"{tool} is not installed")
    if subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], capture_output=True).returncode:
        raise Skipped("this kernel or container refuses namespaces")
    names = [stage.name for stage in stages]
    for base in {stage.base for stage in stages} - set(names):
        mirror = mirrors(suite(base)).get(suite(base))
        if not mirror:
            raise Skipped("apt's configuration names no Debian mirror")
        try:
            urllib.request.urlopen(f"{mirror}/dists/{suite(base)}/Release", timeout=20).close()
        except (urllib.error.URLError, TimeoutError) as problem:
            raise Skipped(f"the Debian mirror has no {suite(base)} or cannot be reached ({problem})") from None


def suite(image):
    name, _, tag = image.partition(":")
    if name != "debian" or not tag:
        raise Skipped(f"debootstrap cannot make the base image {image}")
    return tag.removesuffix("-slim")


def mirrors(wanted):
    """The wanted suite and its -updates and -security, each with the address that apt has for the host's."""
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    host = release.get("VERSION_CODENAME", "").strip('"')
    listed = output("apt-get", "indextargets", "--format", "$(CODENAME) $(COMPONENT) $(REPO_URI)")
    found = {}
    for line in listed.splitlines():
        codename, component, address = line.split()
        if component == "main" and codename in (host, f"{host}-updates", f"{host}-security"):
            found.setdefault(wanted + codename.removeprefix(host), address.rstrip("/"))
    return found


def prepare(root, addresses):
    """Gives a new root what an image of a container host would find: mirror, network, certificates."""
    sources = "".join(f"deb {address} {name} main\n" for name, address in addresses.items())
    (root / "etc/apt/sources.list").write_text(sources)
    settings = output("apt-config", "dump", "Acquire")
    (root / "etc/apt/apt.conf.d/90replay").write_text(settings)
    # As in the slim images.
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text("path-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\n")
    for file in ("etc/resolv.conf", "etc/hosts"):
        (root / file).unlink(missing_ok=True)
        shutil.copyfile(f"/{file}", root / file)
    added = root / "usr/local/share/ca-certificates"
    added.mkdir(parents=True, exist_ok=True)
    for certificate in Path("/usr/local/share/ca-certificates").glob("**/*.crt"):
        shutil.copyfile(certificate, added / certificate.name)


def settings():
    """What RUN steps need to reach package registries from here, as --build-arg would give it."""
    proxies = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
    given = {name: os.environ[name] for name in (*proxies, "PIP_INDEX_URL") if name in os.environ}
    return {**given, "PIP_CERT": BUNDLE} if "PIP_CERT" in os.environ else given


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

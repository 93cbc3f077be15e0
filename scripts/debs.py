#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Debian packages of any suite as plain files, without installing them.

usage: debs.py kernel cloud|generic      newest stock kernel from 6.12 on
       debs.py kernel tpm                newest cloud kernel of the backports,
                                         with what builds a module for it
       debs.py unpack SUITE PACKAGE...   these packages alone
       debs.py closure SUITE PACKAGE...  with all they depend on
       debs.py version SUITE PACKAGE     candidate's version

Prints the folder of unpacked files. The archive is the one apt on this
machine uses; lists and downloads stay in a private folder of the cache, so
that the system's own package state is neither read nor changed. SUITE `own`
is the machine's. What was fetched once is found again without network.
"""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys

CACHE = pathlib.Path(os.environ.get("CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
    "coir"))
# Metapackage, oldest version that will do, where to look.
KERNELS = {
    "cloud": ("linux-image-cloud-amd64", (6, 12),
              ["own", "trixie", "bookworm-backports"]),
    "generic": ("linux-image-amd64", (6, 12),
                ["own", "trixie", "bookworm-backports"]),
    # From 7.2 on Linux asks an SVSM for its TPM.
    "tpm": ("linux-image-cloud-amd64", (7, 2),
            ["trixie-backports", "forky", "sid"]),
}
# Programs of linux-kbuild want a newer libc than Debian 12 has.
KBUILD_LIBRARIES = ["libc6", "libelf1t64", "zlib1g", "libzstd1"]


def fail(text):
    sys.exit("debs: " + text)


def say(text):
    print("debs: " + text, file=sys.stderr, flush=True)


def own_suite():
    for line in open("/etc/os-release"):
        if line.startswith("VERSION_CODENAME="):
            return line.split("=", 1)[1].strip().strip('"')
    fail("this machine's /etc/os-release names no Debian suite")


def stanzas(text):
    """Fields of RFC 822 style paragraphs, continuation lines joined."""
    for block in re.split(r"\n\s*\n", text):
        lines = [x for x in block.splitlines() if not x.startswith("#")]
        joined = re.sub(r"\n[ \t]+", " ", "\n".join(lines))
        yield {k.strip().lower(): v.strip() for k, _, v in
               (x.partition(":") for x in joined.splitlines() if ":" in x)}


def entry_options(where):
    """signed-by and trusted of the sources entry `file:number`."""
    name, _, number = where.rpartition(":")
    try:
        text = pathlib.Path(name).read_text()
    except OSError:
        return {}
    if name.endswith(".sources"):
        good = [s for s in stanzas(text) if "uris" in s]
        index = int(number) - 1
        found = good[index] if index < len(good) else {}
    else:
        line = (text.splitlines() + [""])[int(number) - 1]
        inside = re.search(r"\[([^]]*)\]", line)
        found = dict(x.lower().split("=", 1) if x.islower() else
                     (x.split("=", 1)[0].lower(), x.split("=", 1)[1])
                     for x in (inside.group(1).split() if inside else [])
                     if "=" in x)
    return {k: v for k, v in found.items() if k in ("signed-by", "trusted")}


def archive():
    """The Debian archive of this machine: (URI, options)."""
    out = subprocess.run(["apt-get", "indextargets", "Created-By: Packages"],
                         capture_output=True, text=True).stdout
    own, best = own_suite(), None
    for s in stanzas(out):
        if s.get("component") != "main" or s.get("release") != own:
            continue
        # The label is known only once lists were downloaded.
        rank = (s.get("label") == "Debian",
                s.get("repo-uri", "").endswith("/debian/"))
        if best is None or rank > best[0]:
            best = (rank, s)
    if best is None:
        fail("apt on this machine has no Debian archive with suite " + own)
    options = entry_options(best[1].get("sourcesentry", ""))
    if "signed-by" not in options:
        for name in ("debian-archive-keyring.pgp",
                     "debian-archive-keyring.gpg"):
            ring = "/usr/share/keyrings/" + name
            if os.path.exists(ring):
                options["signed-by"] = ring
                break
    return best[1]["repo-uri"], options


def inline_key(options, folder):
    """deb822 allows the key itself in Signed-By; one-line entries do not."""
    value = options.get("signed-by", "")
    if "BEGIN PGP" in value:
        options.pop("signed-by")
    return options


class Apt:
    """One suite with lists and downloads of its own."""

    def __init__(self, suite):
        self.suite = own_suite() if suite == "own" else suite
        self.dir = CACHE / "apt" / self.suite
        for d in ("lists/partial", "archives/partial"):
            (self.dir / d).mkdir(parents=True, exist_ok=True)
        (self.dir / "status").touch()
        self.opts = []
        for key, value in {
                "Dir::Etc::SourceList": self.dir / "sources.list",
                "Dir::Etc::SourceParts": "/dev/null",
                "Dir::Etc::Preferences": "/dev/null",
                "Dir::Etc::PreferencesParts": "/dev/null",
                "Dir::State::Lists": self.dir / "lists",
                "Dir::State::Status": self.dir / "status",
                "Dir::State::Extended_States": self.dir / "extended",
                "Dir::Cache::Archives": self.dir / "archives",
                "Dir::Cache::PkgCache": "",
                "Dir::Cache::SrcPkgCache": "",
                "Debug::NoLocking": "1",
                "APT::Architecture": "amd64",
                "APT::Architectures": "amd64",
                "APT::Sandbox::User": "",
                "APT::Install-Recommends": "0",
                "APT::Update::Post-Invoke": "",
                "Acquire::Languages": "none",
                "Acquire::Retries": "3",
                "Binary::apt-get::APT::Keep-Downloaded-Packages": "1",
        }.items():
            self.opts += ["-o", f"{key}={value}"]

    def run(self, tool, *args, cwd=None):
        return subprocess.run([tool, "-q", *self.opts, *args], cwd=cwd,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)

    def update(self):
        uri, options = archive()
        inside = " ".join(f"{k}={v}" for k, v in
                          inline_key(options, self.dir).items())
        (self.dir / "sources.list").write_text(
            "".join(f"deb [{inside}] {uri} {s} main\n".replace("[] ", "")
                    for s in self.suites()))
        say(f"reading the package list of {self.suite}")
        got = self.run("apt-get", "update", "--error-on=any")
        if got.returncode:
            # Old apt knows no --error-on; it fails on the option itself.
            got = self.run("apt-get", "update")
        return got.returncode == 0 and "Err:" not in got.stdout

    def suites(self):
        """Backports alone are incomplete: they build on their release."""
        base = self.suite.removesuffix("-backports")
        return [self.suite] if base == self.suite else [base, self.suite]

    def prefer(self):
        return ["-o", f"APT::Default-Release={self.suite}"]

    def show(self, package):
        got = self.run("apt-cache", *self.prefer(), "show",
                       "--no-all-versions", package)
        for s in stanzas(got.stdout):
            if s.get("package") == package:
                return s
        return None

    def download(self, packages, closure, into, finish=None):
        """Fetch, check (apt knows the hashes) and unpack below `into`."""
        work = into.with_suffix(".new")
        shutil.rmtree(work, ignore_errors=True)
        debs = work / "debs"
        (debs / "partial").mkdir(parents=True)
        if closure:
            got = self.run("apt-get", "install", "-y", "--download-only",
                           *self.prefer(), "-o",
                           f"Dir::Cache::Archives={debs}", *packages)
        else:
            got = self.run("apt-get", *self.prefer(), "download", *packages,
                           cwd=debs)
        files = sorted(debs.glob("*.deb"))
        if got.returncode or not files:
            say(got.stderr.strip())
            fail(f"could not fetch {' '.join(packages)} of {self.suite}")
        for f in files:
            subprocess.run(["dpkg", "-x", str(f), str(work / "root")],
                           check=True)
        if finish:
            finish(work / "root")
        names = "".join(f.name + "\n" for f in files)
        (work / "root" / ".packages").write_text(names)
        shutil.rmtree(debs)
        shutil.rmtree(into, ignore_errors=True)
        into.parent.mkdir(parents=True, exist_ok=True)
        (work / "root").rename(into)
        work.rmdir()


def unpack(suite, packages, closure):
    suite = own_suite() if suite == "own" else suite
    kind = "closure" if closure else "plain"
    into = CACHE / "debs" / suite / (kind + "-" + "+".join(packages))
    if not (into / ".packages").exists():
        apt = Apt(suite)
        if not apt.update():
            fail(f"no package list of {suite}")
        say(f"fetching {' '.join(packages)} of {suite}")
        apt.download(packages, closure, into)
    return into


def kernel_packages(apt, meta, least):
    """(release, Debian's version, packages) behind the metapackage."""
    found = apt.show(meta)
    m = re.search(r"linux-image-((\d+)\.(\d+)\S*-amd64)",
                  found["depends"]) if found else None
    if m is None or (int(m[2]), int(m[3])) < least:
        return None
    image = apt.show(m[0])
    if image is None:
        return None
    # Newer kernels: that package is empty, three others hold the files.
    parts = re.findall(r"linux-(?:base|binary|modules)-" + re.escape(m[1]),
                       image["depends"])
    return m[1], image["version"], sorted(set(parts)) or [m[0]]


def build_packages(apt, release, version):
    """What builds a module for that kernel: headers, kbuild, source."""
    headers = "linux-headers-" + release
    found = apt.show(headers)
    if found is None:
        fail(f"{headers} is not in {apt.suite}")
    needs = re.findall(r"linux-(?:headers|kbuild)-[^\s,|]+",
                       found["depends"])
    source = "linux-source-" + ".".join(release.split(".")[:2])
    # Of one build: a module that does not fit its kernel may load and crash.
    return [f"{p}={version}" for p in [headers, *needs, source]] + \
        KBUILD_LIBRARIES


def boot_link(root):
    """Newer packages keep the kernel beside its modules, not in /boot."""
    (root / "boot").mkdir(exist_ok=True)
    for f in root.glob("usr/lib/modules/*/vmlinuz"):
        link = root / "boot" / ("vmlinuz-" + f.parent.name)
        if not link.exists():
            os.link(f, link)


def kernel(which):
    meta, least, suites = KERNELS[which]
    into = CACHE / "kernel" / which
    if (into / ".packages").exists():
        return into
    tried = []
    for suite in suites:
        apt = Apt(suite)
        if apt.suite in tried or not apt.update():
            continue
        tried.append(apt.suite)
        found = kernel_packages(apt, meta, least)
        if not found:
            continue
        release, version, names = found
        say(f"fetching kernel {release} of {apt.suite}")
        if which == "tpm":
            names += build_packages(apt, release, version)
        apt.download(names, False, into, boot_link)
        return into
    fail(f"no {which} kernel from {least[0]}.{least[1]} on in "
         f"{', '.join(tried) or 'reach'}")


def one_at_a_time():
    """Two that want the same package fetch it once. Ends with the program."""
    CACHE.mkdir(parents=True, exist_ok=True)
    lock = os.open(CACHE / "debs.lock", os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.flock(lock, fcntl.LOCK_EX)


def main(args):
    one_at_a_time()
    if args[:1] == ["kernel"] and len(args) == 2 and args[1] in KERNELS:
        print(kernel(args[1]))
    elif args[:1] in (["unpack"], ["closure"]) and len(args) >= 3:
        print(unpack(args[1], args[2:], args[0] == "closure"))
    elif args[:1] == ["version"] and len(args) == 3:
        apt = Apt(args[1])
        found = apt.show(args[2]) if apt.update() else None
        if found is None:
            fail(f"{args[2]} is not in {apt.suite}")
        print(found["version"])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

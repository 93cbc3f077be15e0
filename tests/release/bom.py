#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# timeout: 120
"""The bill of materials: what SPDX 2.3 demands is there, every reference leads
somewhere, versions are those that dpkg has, and an unknown package is refused."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD") or "build").resolve()
SBOM = "scripts/release/sbom.py"
PACKAGE_KEYS = {"SPDXID", "name", "versionInfo", "downloadLocation",
                "licenseConcluded", "licenseDeclared", "copyrightText"}
LICENCES = {"MIT", "LGPL-2.1-or-later", "Apache-2.0", "BSD-3-Clause", "Zlib",
            "LicenseRef-TCG", "GPL-3.0-or-later", "GCC-exception-3.1",
            "BSD-2-Clause-Patent", "NOASSERTION"}


def fail(text):
    sys.exit("FAILED: " + text)


def make(folder, script=SBOM, **more):
    return subprocess.run([script, str(folder), str(BUILD)],
                          capture_output=True, text=True,
                          env={**os.environ, "SOURCE_DATE_EPOCH": "1800000000",
                               "BUILD": str(BUILD), **more})


def check_form(d):
    for key, value in {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
                       "SPDXID": "SPDXRef-DOCUMENT"}.items():
        if d[key] != value:
            fail(f"{key}: {d[key]}")
    if d["creationInfo"]["created"] != "2027-01-15T08:00:00Z":
        fail("created: " + d["creationInfo"]["created"])
    if not re.match(r"https://[^#\s]+$", d["documentNamespace"]):
        fail("documentNamespace")
    ids = ["SPDXRef-DOCUMENT"]
    for p in d["packages"]:
        if PACKAGE_KEYS - p.keys():
            fail(f"{p['name']} lacks {PACKAGE_KEYS - p.keys()}")
        words = set(re.findall(r"[\w.-]+", p["licenseConcluded"])) - \
            {"AND", "WITH", "OR"}
        if words - LICENCES:
            fail(f"{p['name']}: licence {words - LICENCES}")
    for item in d["packages"] + d["files"]:
        if not re.match(r"SPDXRef-[A-Za-z0-9.-]+$", item["SPDXID"]):
            fail("identifier " + item["SPDXID"])
        ids.append(item["SPDXID"])
    if len(ids) != len(set(ids)):
        fail("an identifier is there twice")
    for r in d["relationships"]:
        for end in ("spdxElementId", "relatedSpdxElement"):
            if r[end] not in ids:
                fail(f"{r[end]} is nowhere")


def check_linked(d):
    """The vTPM's libraries, by dpkg's own word."""
    have = {p["name"]: p for p in d["packages"]}
    linked = {r["relatedSpdxElement"] for r in d["relationships"]
              if r["relationshipType"] == "STATIC_LINK"
              and r["spdxElementId"] == "SPDXRef-Package-coir-vtpm"}
    for name in ("libtpms-dev", "libssl-dev", "libc6-dev"):
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name],
                                 capture_output=True, text=True).stdout
        if have[name]["versionInfo"] != version:
            fail(f"{name}: {have[name]['versionInfo']}, dpkg has {version}")
        if have[name]["SPDXID"] not in linked:
            fail(f"the vTPM is not linked with {name}?")
        if have[name]["licenseConcluded"] == "NOASSERTION":
            fail(f"{name} has no licence")
    dynamic = {r["relatedSpdxElement"] for r in d["relationships"]
               if r["relationshipType"] == "DYNAMIC_LINK"}
    if not any("libssl3" in x for x in dynamic):
        fail("no tool is linked with libcrypto?")
    return len(linked), len(dynamic)


def check_files(d, folder):
    for f in d["files"]:
        path = folder / f["fileName"]
        for c in f["checksums"]:
            found = hashlib.new(c["algorithm"].lower(), path.read_bytes())
            if found.hexdigest() != c["checksumValue"]:
                fail(f"{path}: {c['algorithm']}")
    if len(d["files"]) != 2:
        fail("not every file is there")


def main():
    with tempfile.TemporaryDirectory(dir=BUILD) as work:
        folder = pathlib.Path(work) / "files"
        folder.mkdir()
        for name in ("one.igvm", "two.deb"):
            (folder / name).write_text(name)
        got = make(folder)
        if got.returncode:
            fail(got.stderr)
        d = json.loads(got.stdout)
        check_form(d)
        static, dynamic = check_linked(d)
        check_files(d, folder)
        if make(folder).stdout != got.stdout:
            fail("two runs, two documents")
        print(f"ok {len(d['packages'])} packages, {static} linked statically, "
              f"{dynamic} dynamically")
        # A library whose terms nobody has read.
        own = pathlib.Path(work) / "release"
        shutil.copytree("scripts/release", own)
        text = (own / "licences.txt").read_text()
        (own / "licences.txt").write_text(re.sub(r"(?m)^libtpms.*\n", "", text))
        got = make(folder, str(own / "sbom.py"))
        if got.returncode == 0 or "no licence of libtpms" not in got.stderr:
            fail("a package without a licence was taken")
        print("ok a package without a licence is refused")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bill of materials of a release, SPDX 2.3 as JSON, to standard output.

usage: sbom.py FOLDER [BUILD]
FOLDER holds the release's files; what programs were linked with is asked from
linked.sh, versions come from dpkg. The same release gives the same bytes: time
is SOURCE_DATE_EPOCH, the name of the document depends on the files alone.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
TCG = ("Copyright notices and terms of the Trusted Computing Group's reference "
       "code, as in the copyright file of Debian's libtpms: redistribution in "
       "source and binary form is permitted with the notice and the disclaimer.")


def fail(text):
    sys.exit("sbom: " + text)


def run(*command):
    got = subprocess.run(command, capture_output=True, text=True)
    if got.returncode:
        fail(f"{' '.join(command)}: {got.stderr.strip()}")
    return got.stdout


def licences():
    found = {}
    for line in (HERE / "licences.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            source, _, licence = line.partition("\t")
            found[source] = licence.strip()
    return found


def distribution():
    text = pathlib.Path("/etc/os-release").read_text()
    found = re.search(r"^VERSION_CODENAME=(\S+)", text, re.M)
    return found[1].strip('"') if found else "unknown"


def reference(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def purl(package, version, suite):
    return (f"pkg:deb/debian/{package}@{urllib.parse.quote(version, safe='.')}"
            f"?arch=amd64&distro={suite}")


class Document:
    def __init__(self, folder, build):
        self.folder, self.build = folder, build
        self.version = (build / "version").read_text().strip()
        self.licence = licences()
        self.packages, self.files, self.relations = {}, [], []
        self.coir = reference("Package", "coir")

    def relate(self, one, kind, other):
        relation = {"spdxElementId": one, "relationshipType": kind,
                    "relatedSpdxElement": other}
        if relation not in self.relations:
            self.relations.append(relation)

    def own(self):
        self.packages[self.coir] = {
            "SPDXID": self.coir, "name": "coir", "versionInfo": self.version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "MIT", "licenseDeclared": "MIT",
            "copyrightText": "Copyright (c) 2026 The Coir authors",
            "supplier": "NOASSERTION",
        }
        self.relate("SPDXRef-DOCUMENT", "DESCRIBES", self.coir)

    def debian(self, package, version, source, suite, licensed=True):
        """A binary package of Debian; its reference."""
        ref = reference("Package", package)
        licence = self.licence.get(source) if licensed else "NOASSERTION"
        if licence is None:
            fail(f"{package}: no licence of {source} in licences.txt")
        self.packages[ref] = {
            "SPDXID": ref, "name": package, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": licence, "licenseDeclared": licence,
            "copyrightText": "NOASSERTION",
            "supplier": "Organization: Debian",
            "sourceInfo": f"source package {source} of Debian {suite}",
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": purl(package, version, suite)}],
        }
        return ref

    def program(self, path, how):
        """A built program and the packages that it was linked with."""
        name = path.name
        ref = reference("Package", "coir-" + name)
        self.packages[ref] = {
            "SPDXID": ref, "name": "coir-" + name,
            "versionInfo": self.version, "filesAnalyzed": False,
            "downloadLocation": "NOASSERTION", "licenseDeclared": "MIT",
            "licenseConcluded": "MIT", "copyrightText":
            "Copyright (c) 2026 The Coir authors", "supplier": "NOASSERTION",
        }
        self.relate(self.coir, "CONTAINS", ref)
        if how is None:
            return ref
        terms = {"MIT"}
        for line in run(HERE / "linked.sh", str(path)).splitlines():
            package, version, source, _ = line.split(" ", 3)
            other = self.debian(package, version, source, distribution())
            terms.add(self.packages[other]["licenseConcluded"])
            self.relate(ref, how, other)
        if how == "STATIC_LINK":
            self.packages[ref]["licenseConcluded"] = " AND ".join(
                f"({t})" if " " in t else t for t in sorted(terms))
        return ref

    def compiler(self):
        for package in ("gcc", "binutils"):
            # The package that does the work, not the one that names it.
            tool = {"gcc": os.environ.get("CC") or "gcc",
                    "binutils": "ld"}[package]
            path = os.path.realpath(run("sh", "-c", f"command -v {tool}").strip())
            found = run("dpkg", "-S", path).split(":")[0]
            version, source = run("dpkg-query", "-W", "-f",
                                  "${Version} ${source:Package}", found).split()
            ref = self.debian(found, version, source, distribution(), False)
            self.relate(ref, "BUILD_TOOL_OF", self.coir)

    def firmware(self, files):
        """OVMF goes into an image as it is; its version is its package's."""
        for f in files:
            if not f.name.endswith("-ovmf.fd"):
                continue
            package, version, suite = ovmf_package(f)
            ref = self.debian(package, version, "edk2", suite)
            self.packages[ref]["checksums"] = [
                {"algorithm": "SHA256", "checksumValue": digest(f, "sha256")}]
            self.relate(reference("Package", "coir-ovmf-image"), "CONTAINS", ref)

    def file(self, path):
        ref = reference("File", path.name)
        self.files.append({
            "SPDXID": ref, "fileName": "./" + path.name,
            "checksums": [
                {"algorithm": a.upper(), "checksumValue": digest(path, a)}
                for a in ("sha1", "sha256")],
            "licenseConcluded": "NOASSERTION",
            "licenseInfoInFiles": ["NOASSERTION"],
            "copyrightText": "NOASSERTION",
        })
        self.relate(self.coir, "CONTAINS", ref)

    def text(self):
        epoch = int(os.environ["SOURCE_DATE_EPOCH"])
        unique = hashlib.sha256(json.dumps(self.files).encode()).hexdigest()
        return {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT", "name": f"coir-{self.version}",
            "documentNamespace":
                f"https://spdx.org/spdxdocs/coir-{self.version}-{unique}",
            "creationInfo": {
                "created": time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                         time.gmtime(epoch)),
                "creators": [f"Tool: coir-sbom-{self.version}"]},
            "packages": [self.packages[k] for k in sorted(self.packages)],
            "files": self.files,
            "hasExtractedLicensingInfos": [
                {"licenseId": "LicenseRef-TCG", "name": "TCG reference code",
                 "extractedText": TCG}],
            "relationships": sorted(
                self.relations, key=lambda r: tuple(r.values())),
        }


def digest(path, algorithm):
    return hashlib.new(algorithm, path.read_bytes()).hexdigest()


def ovmf_package(path):
    """(package, version, suite) of the cached package that has this file."""
    cache = pathlib.Path(os.environ.get("CACHE") or "")
    for names in sorted(cache.glob("debs/*/plain-ovmf*/.packages")):
        for f in names.parent.rglob("OVMF.fd"):
            if f.read_bytes() == path.read_bytes():
                name, version, _ = names.read_text().split()[0].split("_", 2)
                return (name, urllib.parse.unquote(version),
                        names.parent.parent.name)
    # A file that was given: its sum has to do.
    return "ovmf", "sha256-" + digest(path, "sha256"), "unknown"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else
                         os.environ.get("BUILD") or "build")
    folder = pathlib.Path(sys.argv[1])
    d = Document(folder, build)
    d.own()
    d.program(pathlib.Path("emu"), None)
    services = {f.name: d.program(f, "STATIC_LINK")
                for f in sorted((build / "services").iterdir())
                if f.name != "probe"}
    for image, parts in (("ovmf-image", [services["vtpm"]]), ("selftest-image", [])):
        ref = d.program(pathlib.Path(image), None)
        svsm = d.program(pathlib.Path("svsm"), None)
        for part in [svsm, *parts]:
            d.relate(ref, "CONTAINS", part)
    for page in sorted((build / "share/man/man1").glob("*.1")):
        if page.stem not in ("release", "stackuse"):
            d.program(build / "bin" / page.stem, "DYNAMIC_LINK")
    d.compiler()
    files = sorted(f for f in folder.iterdir() if f.is_file())
    d.firmware(files)
    for f in files:
        d.file(f)
    print(json.dumps(d.text(), indent=1, sort_keys=True))


if __name__ == "__main__":
    main()

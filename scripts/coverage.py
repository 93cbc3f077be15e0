#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make coverage: lines and branches that unit tests and fuzz corpora reach.

Runs the programs in $BUILD/coverage/bin, merges their counters, prints a table
for each folder, writes pages (index.html). A folder below its floor in
scripts/coverage.txt is a failure, as is a test that fails. Arguments: objects of
files that no test links. --write-floors: measured figures, less two, become the
floors.
"""
import concurrent.futures
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys

BUILD = pathlib.Path(os.environ.get("BUILD") or "build")
OUT = BUILD / "coverage"
FLOORS = pathlib.Path("scripts/coverage.txt")
SLACK = 2
# Counted where they stand: these are lines of tests, not of the product.
NOT_OURS = ("tests/", "/")
JOBS = min(len(os.sched_getaffinity(0)), 2)


def tool(name):
    """llvm's tools; on some systems they carry the version in their name."""
    major = subprocess.run([os.environ.get("CLANG") or "clang", "-dumpversion"],
                           capture_output=True, text=True).stdout.split(".")[0]
    for candidate in (f"{name}-{major}", name):
        if shutil.which(candidate):
            return candidate
    sys.exit(f"coverage: no {name}: apt-get install llvm")


def run(program):
    """(name, status) of one test program; its counters are kept."""
    name = str(program.relative_to(OUT / "bin"))
    raw = OUT / "raw" / (name.replace("/", ".") + ".%p.profraw")
    command = [str(program)]
    if name.startswith("fuzz/"):
        kept = pathlib.Path("tests/fuzz/corpus") / name[5:-len("_fuzz")]
        files = sorted(str(f) for f in kept.glob("*"))
        if not files:
            return name, "no corpus"
        command += ["-timeout=60", *files]
    log = OUT / "log" / (name.replace("/", ".") + ".log")
    with open(log, "wb") as f:
        try:
            status = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=f,
                stderr=subprocess.STDOUT, timeout=600,
                env={**os.environ, "LLVM_PROFILE_FILE": str(raw)}).returncode
        except subprocess.TimeoutExpired:
            status = "no end"
    return name, status


def run_all(programs):
    bad = []
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for name, status in pool.map(run, programs):
            if status != 0:
                bad.append(name)
                print(f"coverage: {name}: status {status}", flush=True)
    return bad


def objects(programs, alone):
    args = [str(programs[0])]
    for p in [*programs[1:], *alone]:
        args += ["-object", str(p)]
    return args


def measure(profile, args):
    """{file: (lines, covered, branches, covered)}"""
    out = subprocess.run([tool("llvm-cov"), "export", "-summary-only",
                          f"-instr-profile={profile}", *args],
                         capture_output=True, text=True, check=True).stdout
    top = str(pathlib.Path.cwd()) + "/"
    files = {}
    for f in json.loads(out)["data"][0]["files"]:
        name = os.path.normpath(f["filename"])
        name = name[len(top):] if name.startswith(top) else name
        s = f["summary"]
        # Headers of layouts alone have no lines that could run.
        if name.startswith(NOT_OURS) or not s["lines"]["count"]:
            continue
        files[name] = tuple(s[kind][n] for kind in ("lines", "branches")
                            for n in ("count", "covered"))
    return files


def folder_of(name):
    """A folder of the table: of kernel, tools and services, each one its own."""
    parts = name.split("/")[:-1]
    deep = parts[0] in ("kernel", "tools", "services")
    return "/".join(parts[:2] if deep else parts[:1])


def by_folder(files):
    rows = {}
    for name, figures in files.items():
        old = rows.get(folder_of(name), (0, 0, 0, 0, 0, 0))
        none = int(figures[1] == 0)
        rows[folder_of(name)] = tuple(
            a + b for a, b in zip(old, (1, none, *figures)))
    return rows


def percent(covered, count):
    return 100.0 * covered / count if count else 100.0


def table(rows):
    total = tuple(map(sum, zip(*rows.values())))
    lines = ["| folder | files | of them never run | lines | covered |"
             " branches | covered |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, r in [*sorted(rows.items()), ("all", total)]:
        lines.append(
            f"| {name} | {r[0]} | {r[1]} | {r[2]:,} | "
            f"{percent(r[3], r[2]):.1f} % | {r[4]:,} | "
            f"{percent(r[5], r[4]):.1f} % |")
    return lines


def floors_read():
    floors = {}
    for line in FLOORS.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, lines, branches = line.split()
            floors[name] = (int(lines), int(branches))
    return floors


def floor(covered, count):
    """Where there is nothing to reach, nothing is demanded."""
    got = math.floor(percent(covered, count)) if count else 0
    return max(0, got - SLACK)


def floors_write(rows):
    head = [x for x in FLOORS.read_text().splitlines() if x.startswith("#")]
    body = [f"{name:20} {floor(r[3], r[2]):3} {floor(r[5], r[4]):3}"
            for name, r in sorted(rows.items())]
    FLOORS.write_text("\n".join(head + body) + "\n")


def below(rows):
    floors = floors_read()
    bad = []
    for name, r in sorted(rows.items()):
        if name not in floors:
            bad.append(f"{name}: has no floor in {FLOORS}")
            continue
        for what, n, least in (("lines", 2, floors[name][0]),
                               ("branches", 4, floors[name][1])):
            is_now = percent(r[n + 1], r[n])
            if is_now < least:
                bad.append(f"{name}: {is_now:.1f} % of {what}, "
                           f"the floor is {least}")
    bad += [f"{name}: has a floor, but no file"
            for name in sorted(set(floors) - set(rows))]
    return bad


def main():
    write = "--write-floors" in sys.argv
    alone = [a for a in sys.argv[1:] if not a.startswith("--")]
    programs = sorted(p for p in (OUT / "bin").rglob("*")
                      if p.is_file() and os.access(p, os.X_OK) and
                      pathlib.Path("tests", p.relative_to(OUT / "bin"))
                      .with_suffix(".c").is_file())
    for part in ("raw", "log"):
        shutil.rmtree(OUT / part, ignore_errors=True)
        (OUT / part).mkdir(parents=True)
    failed = run_all(programs)
    profile = OUT / "all.profdata"
    raws = sorted((OUT / "raw").glob("*.profraw"))
    listing = OUT / "raw.txt"
    listing.write_text("".join(f"{r}\n" for r in raws))
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o",
                    str(profile), "-f", str(listing)], check=True)
    shutil.rmtree(OUT / "raw")
    args = objects(programs, alone)
    files = measure(profile, args)
    rows = by_folder(files)
    lines = table(rows)
    print("\n".join(lines))
    (OUT / "table.md").write_text("\n".join(lines) + "\n")
    subprocess.run([tool("llvm-cov"), "show", "-format=html",
                    f"-output-dir={OUT}", "-show-line-counts-or-regions",
                    "-ignore-filename-regex=(^|/)tests/",
                    f"-instr-profile={profile}", *args], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if write:
        floors_write(rows)
    wrong = [f"{name}: failed, see {OUT}/log" for name in failed]
    wrong += below(rows)
    for line in wrong:
        print(f"coverage: {line}")
    print(f"coverage: {len(programs)} programs, {len(files)} files; lines of "
          f"each in {OUT}/index.html; {len(wrong)} faults")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

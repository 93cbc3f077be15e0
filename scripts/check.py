#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make check: run every test, one line each, never stop at the first failure.

Last line: `N passed, N failed`; exit 1 if any failed. ONLY=word runs the
tests whose name holds the word. A script in tests/ may carry lines
`# timeout: SECONDS` and `# alone` (not beside another test); one with
`# part of: TEST` is no test by itself. Exit status 77 with a last line of words
means skipped, said in words; without words, or a skipped case inside a unit
test, it is a failure.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import proof

BUILD = os.environ.get("BUILD") or "build"
ONLY = os.environ.get("ONLY", "")
JOBS = min(len(os.sched_getaffinity(0)), 4)
LOGS = pathlib.Path(BUILD) / "check"
# Tests not begun by then count as failed: the whole run stays bounded.
DEADLINE = time.monotonic() + int(os.environ.get("CHECK_SECONDS", "3300"))
FUZZ_SECONDS = "3"
# For release(1): that everything passed, and for which commit.
RECORD = pathlib.Path(BUILD) / "check.record"


class Test:
    def __init__(self, name, command, timeout=120, alone=False):
        self.name, self.command = name, command
        self.timeout, self.alone = timeout, alone

    def run_to_log(self, log):
        """Exit status; a test's processes are its own group and end with it."""
        limit = min(self.timeout, DEADLINE - time.monotonic())
        if limit <= 0:
            log.write(b"not begun: the time for all tests was used up\n")
            return 124
        p = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                             stdout=log, stderr=subprocess.STDOUT,
                             start_new_session=True)
        try:
            return p.wait(limit)
        except subprocess.TimeoutExpired:
            log.write(b"\nstopped: no end after %d s\n" % limit)
            return 124
        finally:
            try:
                os.killpg(p.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            p.wait()

    def run(self):
        """(passed, the line to print)."""
        path = LOGS / (self.name.replace("/", ".") + ".log")
        start = time.monotonic()
        with open(path, "wb") as log:
            try:
                status = self.run_to_log(log)
            except OSError as e:
                log.write(f"cannot run: {e}\n".encode())
                status = 127
        took = time.monotonic() - start
        text = path.read_text(errors="replace")
        lines = [x for x in text.splitlines() if x.strip()]
        cases = re.findall(r"^\[  PASSED  \] (\d+) test", text, re.M)
        note = f", {sum(map(int, cases))} cases" if cases else ""
        skipped = re.search(r"^\[  SKIPPED \]", text, re.M)
        if status == 77 and lines and len(lines[-1].split()) > 2:
            return True, f"ok {self.name} (skipped: {lines[-1]})"
        if status == 0 and not skipped:
            return True, f"ok {self.name} ({took:.1f} s{note})"
        tail = "\n".join("    " + x[:200] for x in telling(lines))
        return False, (f"FAILED {self.name} (status {status}, {took:.1f} s,"
                       f" {path})\n{tail}")


def telling(lines):
    """The last lines, and before them those that name an error."""
    last = lines[-8:]
    named = [x for x in lines[:-8] if re.search(
        r"error|undefined ref|No rule|FAILED|ERROR", x)]
    return named[:8] + last


def make(*goals, timeout=900):
    return ["make", "-k", f"-j{JOBS}", f"BUILD={BUILD}", *goals], timeout


def files(*patterns):
    return sorted(str(f) for p in patterns for f in pathlib.Path().glob(p))


def scripts(folder):
    for f in files(f"tests/{folder}/*.sh", f"tests/{folder}/*.py"):
        text = pathlib.Path(f).read_text()
        if re.search(r"^# part of: ", text, re.M):
            continue
        limit = re.search(r"^# timeout: (\d+)", text, re.M)
        yield Test(f"{folder}/{pathlib.Path(f).stem}", ["./" + f],
                   int(limit[1]) if limit else 300,
                   re.search(r"^# alone", text, re.M) is not None)


def format_test():
    """Layout is judged by the version whose taste .clang-format was tuned to."""
    said = subprocess.run(["clang-format", "--version"], capture_output=True,
                          text=True).stdout
    found = re.search(r"version (\d+)", said)
    if not found or found[1] != "14":
        return ["sh", "-c", "echo layout is judged by clang-format 14 only, "
                f"here is {found[1] if found else 'none'}; exit 77"]
    rooms = "abi lib hw model boot kernel services tools emu proofs tests"
    return ["sh", "-c", f"find {rooms} -name '*.[ch]' 2>/dev/null | "
            "xargs -r clang-format --dry-run -Werror"]


def house():
    yield Test("build/all", *make("all"), True)
    yield Test("build/clang", *make("clang"), True)
    yield Test("build/headers", *make("headers"), True)
    for by in ("gcc", "tidy", "cppcheck"):
        yield Test(f"analyse/{by}", *make(f"analyse-{by}"), True)
    yield Test("house/checkers", ["scripts/selftest.py"])
    for name in ("layers", "style", "features"):
        yield Test(f"house/{name}", [f"scripts/{name}.py"])
    yield Test("house/format", format_test())
    for shell in ("sh", "bash"):
        texts = [f for f in files("scripts/**/*.sh", "guest/**/*",
                                  "tests/**/*.sh", ".ci/*")
                 if pathlib.Path(f).is_file() and shell in
                 re.split(r"[/ ]", open(f, errors="replace").readline().
                          strip())]
        if texts:
            yield Test(f"house/syntax-{shell}", ["sh", "-c", "for f; do "
                       f"{shell} -n \"$f\" || e=1; done; exit $e", "-",
                       *texts])
    yield Test("house/proof-page", ["scripts/proof.py", "page"])
    for what in ("release", "debug", "page"):
        yield Test(f"house/stack-{what}", ["scripts/stack.sh", what], 60)
    pages = files("tools/*/*.1")
    if pages:
        yield Test("house/manuals",
                   ["mandoc", "-T", "lint", "-W", "error", *pages])


def unit():
    yield Test("unit/build", *make("unit-build"), True)
    for f in files("tests/unit/**/*_test.c", "tests/abi/*_test.c"):
        name = f[len("tests/"):-len(".c")]
        yield Test(name, [f"{BUILD}/{name}"])
    yield from scripts("abi")


def scale():
    yield Test("scale/build", *make("scale"), True)
    for f in files("tests/scale/*.c"):
        name = pathlib.Path(f).stem
        yield Test(f"scale/{name}", [f"{BUILD}/scale/{name}"], 60)


def tools():
    for folder in sorted({pathlib.Path(f).parent.name
                          for f in files("tools/*/*.c")} - {"common"}):
        yield Test(f"tools/{folder}-help", ["sh", "-c",
                   f"test -s tools/{folder}/{folder}.1 || "
                   f"{{ echo no manual page; exit 1; }}; "
                   f"{BUILD}/bin/{folder} --help"], 20)
    yield from scripts("tools")


def tpm():
    yield Test("tpm/build", *make("tpm-build"), True)
    for f in files("tests/tpm/*_test.c"):
        name = pathlib.Path(f).stem
        yield Test(f"tpm/{name[:-len('_test')]}", [f"{BUILD}/tpm/{name}"])
    yield from scripts("tpm")


def interleave():
    yield Test("interleave/build", *make("interleave-build", "tsan-build"), True)
    yield from scripts("interleave")


def fuzz():
    yield Test("fuzz/build", *make("fuzz-build"), True)
    yield Test("fuzz/gate", ["tests/fuzz/gate.sh"], 300)
    for f in files("tests/fuzz/*_fuzz.c"):
        name = pathlib.Path(f).name[:-len("_fuzz.c")]
        # One seed: a gate judges the change, not the luck of the day.
        yield Test(f"fuzz/{name}", ["env", "FUZZ_SEED=1", "scripts/fuzz.sh",
                                    FUZZ_SECONDS, f"{BUILD}/fuzz/{name}"],
                   240)


def proofs():
    yield Test("proof/build", ["scripts/fetch-cbmc.sh"], 300, True)
    yield Test("proof/gate", ["scripts/prooftest.py"], 300)
    for f in files("proofs/**/*_proof.c"):
        name = f[len("proofs/"):-len("_proof.c")]
        yield Test(f"proof/{name}", ["scripts/proof.py", "run", "--jobs", "1",
                                     name], proof.WALL)


def group(tests, count):
    """Run one group: what it builds, then side by side with the longest first,
    then those that must be alone."""
    def rank(t):
        if t.name.endswith("/build") or t.name == "build/all":
            return (0, 0)
        return (2, 0) if t.alone else (1, -t.timeout)

    tests = sorted((t for t in tests if ONLY in t.name or rank(t)[0] == 0),
                   key=rank)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        side = []
        for t in tests + [None]:
            if t is None or t.alone:
                for done in side:
                    report(done.result(), count)
                side = []
                if t:
                    report(t.run(), count)
            else:
                side.append(pool.submit(t.run))


def report(result, count):
    count[0 if result[0] else 1] += 1
    print(result[1], flush=True)


def commit():
    """HEAD, if nothing differs from it; else None."""
    def git(*args):
        got = subprocess.run(["git", *args], capture_output=True, text=True)
        return got.stdout.strip() if got.returncode == 0 else "?"
    return git("rev-parse", "HEAD") if git("status", "--porcelain") == "" \
        else None


def main():
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    # The jobs of an outer make are not ours to hand out.
    os.environ.pop("MAKEFLAGS", None)
    os.environ["BUILD"] = BUILD
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    RECORD.unlink(missing_ok=True)
    begun_with = commit()
    count = [0, 0]
    for tests in (house(), unit(), scale(), tools(), tpm(), interleave(),
                  fuzz(), proofs(), scripts("release"), scripts("boot")):
        group(tests, count)
    if not ONLY and begun_with and commit() == begun_with:
        RECORD.write_text(f"commit {begun_with}\nresult {count[0]} passed, "
                          f"{count[1]} failed\n")
    print(f"{count[0]} passed, {count[1]} failed", flush=True)
    sys.exit(count[1] > 0)


if __name__ == "__main__":
    main()

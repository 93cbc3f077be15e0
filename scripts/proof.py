#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proofs with cbmc: run them, break what they prove, list them.

usage: proof.py run [--long] [--jobs N] [WORD...]   those whose name holds it
       proof.py table         the table of docs/proofs.md
       proof.py page|update   is that table true? make it

A proof holds when cbmc decides every property: all succeed but the witnesses
(`seen:`), which must all fail, and there is at least one claim. Then each
mutation of the sources must make a property fail; no end in time, no end of a
loop and no compilation are not enough. See docs/proofs.md.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(os.environ.get("PROOF_ROOT") or
                    pathlib.Path(__file__).resolve().parent.parent)
BUILD = pathlib.Path(os.environ.get("BUILD") or "build")
PAGE = "docs/proofs.md"
KEYS = ("proof", "sources", "bound", "flags", "long", "volatile", "seconds",
        "mutation")
NEEDED = ("proof", "sources", "bound", "mutation")
# cbmc 6 has most on by itself; an installed cbmc may have another mind.
CHECKS = ["--bounds-check", "--pointer-check", "--pointer-overflow-check",
          "--pointer-primitive-check", "--div-by-zero-check",
          "--signed-overflow-check", "--undefined-shift-check"]
OPTIONS = ["--no-malloc-may-fail", "--slice-formula"]
INCLUDES = ["-Iproofs/fake", "-Itests/fake", "-I."]
LONG_FACTOR = 60	# how much longer a run of make proof-long may take
MEMORY = 6 << 30
WALL = 600	# of one proof in make check, on a machine that has others to serve
LINE = re.compile(r"^\[(\S+)\] (?:(?:file \S+ )?line \d+ )?(.*): "
                  r"(SUCCESS|FAILURE|UNKNOWN|ERROR)$", re.M)


class Wrong(Exception):
    """A proof that does not hold, or is none."""


class Mutation:
    """`FILE[@FUNCTION]: OLD => NEW`; white space stands for any."""

    def __init__(self, text):
        m = re.match(r"([^\s:@]+)(?:@(\w+))?: (.+?) => ?(.*)$", text)
        if not m:
            raise Wrong(f"mutation is not `file[@function]: old => new`: "
                        f"{text}")
        self.file, self.function, self.old, self.new = m.groups()
        self.text = text

    def part(self, text):
        """(start, end) of the function, or of all."""
        if not self.function:
            return 0, len(text)
        found = re.search(r"^[^\s#/*}][^;{}]*\b" + self.function +
                          r"\([^;{}]*\)\n\{.*?^\}", text, re.M | re.S)
        if not found:
            raise Wrong(f"{self.file} has no function {self.function}")
        return found.span()

    def apply(self):
        text = (ROOT / self.file).read_text()
        start, end = self.part(text)
        pattern = r"\s+".join(map(re.escape, self.old.split()))
        new, count = re.subn(pattern, lambda m: self.new, text[start:end])
        if count != 1 or new == text[start:end]:
            raise Wrong(f"mutation does not apply: found {count} times in "
                        f"{self.file}: {self.old}")
        return text[:start] + new + text[end:]


def wait(process, limit):
    """(status, seconds of processor time); stopped after limit seconds."""
    end = time.monotonic() + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
        if time.monotonic() > end:
            process.kill()
        time.sleep(0.02)


class Proof:
    def __init__(self, path):
        self.path = path
        self.name = str(path)[len("proofs/"):-len("_proof.c")]
        self.out = BUILD / "proof" / self.name
        self.used = 0
        try:
            self.read((ROOT / path).read_text())
        except Wrong as e:
            raise Wrong(f"{path}: {e}")

    def read(self, text):
        found = re.search(r"\n/\* proof: .*?\*/", text, re.S)
        if not found:
            raise Wrong("no comment that begins with `proof:`")
        fields, key = {k: [] for k in KEYS}, None
        for line in found[0].strip()[2:-2].splitlines():
            line = line.strip().removeprefix("*").strip()
            m = re.match(r"([a-z]+):(?: |$)", line)
            if m and m[1] not in KEYS:
                raise Wrong(f"unknown key {m[1]}")
            if m:
                key = m[1]
                fields[key].append(line[m.end():])
            else:
                fields[key][-1] += " " + line
        for k, v in fields.items():
            v[:] = [x.strip() for x in v]
            if k in NEEDED and not "".join(v) or \
                    k != "mutation" and len(v) > 1:
                raise Wrong(f"needs one line `{k}: ...`")
        one = {k: (v + [""])[0] for k, v in fields.items()}
        self.claim, self.bound = one["proof"], one["bound"]
        self.sources = one["sources"].split()
        # What the proof or a header of its includes, to see its insides.
        self.inside = re.findall(r'^#include "(\S+\.c)"', text + "".join(
            (ROOT / f).read_text() for f in self.sources
            if f.endswith(".h") and (ROOT / f).is_file()), re.M)
        self.flags, self.long = one["flags"].split(), one["long"].split()
        if one["volatile"] not in ("", "any"):
            raise Wrong("volatile: can only be `any`")
        self.volatile = one["volatile"] == "any"
        self.seconds = int(one["seconds"] or 30)
        self.mutations = [Mutation(x) for x in fields["mutation"]]
        for f in self.sources + [m.file for m in self.mutations]:
            if not (ROOT / f).is_file():
                raise Wrong(f"{f} is not there")

    def tool(self, what, command, limit):
        """Run one of cbmc's programs: its output; no end in time is Wrong."""
        command = ["prlimit", f"--cpu={limit}", f"--as={MEMORY}", *command]
        path = self.out / f"{what}.log"
        with open(path, "a") as log:
            log.write(" ".join(command) + "\n")
            log.flush()
            start = log.tell()
            p = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL)
            status, used = wait(p, limit * 20 + 60)
        text = path.read_text(errors="replace")[start:]
        self.used += used
        if status in (-24, -9):
            raise Wrong(f"{what}: no end in {limit} s of processor time")
        if status not in (0, 10):
            raise Wrong(f"{what}: cbmc gave up, status {status}:\n" +
                        "\n".join(text.splitlines()[-6:]))
        return text

    def any_volatile(self, what, compile, limit):
        """The program with volatile reads replaced. First the checks go in:
        they would not see an address that is no longer read from."""
        a, b = (str((self.out / f"{what}.{x}").resolve()) for x in "ab")
        self.tool(what, [beside("goto-cc"), "-o", a, *compile], limit)
        self.tool(what, [beside("goto-instrument"), "--add-library", *CHECKS,
                         a, b], limit)
        self.tool(what, [beside("goto-instrument"), "--nondet-volatile", b,
                         a], limit)
        return ["--no-standard-checks", a]

    def cbmc(self, what, sources, options, long=False):
        """Run cbmc once: (output, seconds of processor time)."""
        limit = self.seconds * (LONG_FACTOR if long else 1)
        flags = self.long if long else self.flags
        defines = [x for x in [*flags, *options] if x.startswith(("-D", "-I"))]
        others = [x for x in [*flags, *options] if x not in defines]
        compile = [*defines, *INCLUDES, str(self.path),
                   *[f for f in sources if f.endswith(".c")
                     and not f.endswith(tuple(self.inside))]]
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / f"{what}.log").unlink(missing_ok=True)
        before = self.used
        program = self.any_volatile(what, compile, limit) if self.volatile \
            else [*CHECKS, *compile]
        text = self.tool(what, [cbmc(), *OPTIONS, *others, *program], limit)
        return text, self.used - before

    def hold(self, long):
        """The proof itself; a line about it."""
        text, took = self.cbmc("proof", self.sources,
                               ["--unwinding-assertions"], long)
        claims, others, seen = 0, 0, 0
        # First what failed: of what lies behind it cbmc does not know.
        for name, what, status in sorted(
                LINE.findall(text), key=lambda x: (
                    x[2] != "FAILURE", x[2] == "UNKNOWN")):
            witness = what.startswith("seen: ")
            if status != ("FAILURE" if witness else "SUCCESS"):
                raise Wrong(f"never {what}" if witness else
                            f"does not hold: {name}: {what}: {status}")
            claims += what.startswith("proved: ")
            seen += witness
            others += not witness
        if not claims or not seen:
            raise Wrong(f"proves nothing: {claims} claims, {seen} "
                        f"witnesses, {others - claims} checks")
        return f"{claims} claims, {others - claims} checks, " \
               f"{seen} witnesses, {took:.1f} s"

    def mutant(self, number):
        """One mutation must be noticed; a line about how."""
        m = self.mutations[number]
        what = f"mutant-{number + 1}"
        text = m.apply()
        room = (self.out / what).resolve()
        (room / m.file).parent.mkdir(parents=True, exist_ok=True)
        (room / m.file).write_text(text)
        sources = [str(room / f) if f == m.file else f for f in self.sources]
        # Without assertions on loops: a mutant must do wrong, not just more.
        text, took = self.cbmc(what, sources, [
            "-DPROOF_MUTATED", "--no-unwinding-assertions", "--stop-on-fail",
            f"-I{room}"])
        found = re.search(r"^Violated property:\n.*\n *(.*)", text, re.M)
        if "VERIFICATION FAILED" not in text or not found or \
                "no body for" in found[1]:
            raise Wrong(f"survived: {m.text}")
        return f"mutant {number + 1} fails `{found[1]}`, {took:.1f} s"


    def judge(self, long):
        """(holds, words about it); what does not hold needs no mutants."""
        jobs = [lambda: self.hold(long)]
        if not long:
            jobs += [lambda n=n: self.mutant(n)
                     for n in range(len(self.mutations))]
        words = []
        for job in jobs:
            well, text = attempt(job)
            words.append(text)
            if not well:
                return False, text
        return True, f"{self.used:.1f} s; " + "; ".join(words)


CBMC = []


def cbmc():
    if not CBMC:
        got = subprocess.run([str(pathlib.Path(__file__).resolve().parent /
                                  "fetch-cbmc.sh")], capture_output=True,
                             text=True)
        if got.returncode:
            sys.exit("proof: no cbmc:\n" + got.stderr)
        CBMC.append(got.stdout.strip())
    return CBMC[0]


def beside(name):
    """One of the programs that come with cbmc."""
    return str(pathlib.Path(cbmc()).parent / name)


def proofs():
    return [p.relative_to(ROOT) for p in
            sorted((ROOT / "proofs").rglob("*_proof.c"))]


def chosen(words):
    """A word that is a name means that proof alone."""
    found, names = [], {str(p)[len("proofs/"):-len("_proof.c")]: p
                        for p in proofs()}
    for word in words or [""]:
        hits = [names[word]] if word in names else \
            [p for n, p in names.items() if word in n]
        found += [p for p in hits if p not in found]
    return found


def attempt(job):
    try:
        return True, job()
    except Wrong as e:
        return False, str(e)


def run(words, long, jobs):
    cbmc()
    good = True
    paths = chosen(words)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        started = []
        for path in paths:
            ok, p = attempt(lambda: Proof(path))
            if not ok:
                print(f"FAILED {p}")
                good = False
                continue
            if long and not p.long:
                continue
            started.append((p, pool.submit(p.judge, long)))
        for p, result in started:
            well, words = result.result()
            good = good and well
            print(f"{'proved' if well else 'FAILED'} {p.name}: {words}",
                  flush=True)
    if not paths:
        print("no proof of that name")
    return good and bool(paths)


def table():
    rows = ["| proof | what holds | of | bound | s | mutants |",
            "|---|---|---|---|--:|--:|"]
    for path in proofs():
        p = Proof(path)
        files = " ".join(f"`{f}`" for f in p.sources
                         if not f.startswith(("proofs/", "tests/")))
        name = p.name + (" (long)" if p.long else "")
        cells = [name, p.claim, files, p.bound, str(p.seconds),
                 str(len(p.mutations))]
        rows.append("| " + " | ".join(x.replace("|", "\\|")
                                      for x in cells) + " |")
    return "\n".join(rows) + "\n"


def page(update):
    """The table between the marks of docs/proofs.md."""
    path = ROOT / PAGE
    text = path.read_text()
    mark = re.compile(r"(<!-- proofs -->\n).*?(<!-- end -->)", re.S)
    if not mark.search(text):
        sys.exit(f"proof: {PAGE} has no marks for the table")
    new = mark.sub(lambda m: m[1] + table() + m[2], text)
    if update:
        path.write_text(new)
    elif new != text:
        sys.exit(f"proof: the table in {PAGE} is not true: make proof-page")


def main(args):
    words = [a for a in args[1:] if not a.startswith("--")]
    if args[:1] == ["run"]:
        jobs = len(os.sched_getaffinity(0))
        if "--jobs" in args:
            jobs = int(words.pop(words.index(args[args.index("--jobs") + 1])))
        sys.exit(not run(words, "--long" in args, jobs))
    elif args == ["table"]:
        print(table(), end="")
    elif args in (["page"], ["update"]):
        page(args == ["update"])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Wrong as e:
        sys.exit(f"proof: {e}")

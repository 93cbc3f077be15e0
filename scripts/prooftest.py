#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The judge of proofs on trial: it must pass a good proof, and name the fault
of each bad one. A judge that passes all would look like a house well proved."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = """/* SPDX-License-Identifier: MIT */
unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}
unsigned sum(const unsigned char *p, unsigned n)
{
	unsigned s = 0;

	for (unsigned i = 0; i < n; i++)
		s += p[i];
	return s;
}
unsigned twice(volatile unsigned char *p)
{
	unsigned v = *p < 4 ? *p : 0;

	return v;
}
unsigned once(volatile unsigned char *p)
{
	unsigned v = *p;

	return v < 4 ? v : 0;
}
"""
HEAD = """/* SPDX-License-Identifier: MIT */
/* proof: a sample
 * sources: lib/one.c
 * bound: 4 bytes
 * flags: {flags}
 * seconds: 4
 * volatile: {volatile}
 * mutation: {mutation}
 */
#include "proofs/fake/proof.h"
unsigned least(unsigned a, unsigned b);
unsigned sum(const unsigned char *p, unsigned n);
unsigned twice(volatile unsigned char *p);
unsigned once(volatile unsigned char *p);
{more}
int main(void)
{
	unsigned a = nondet_u32(), b = nondet_u32();
	unsigned char p[4];

	ANY(p);
	{body}
}
"""
FLAGS = "--unwind 5"
MUTATION = "lib/one.c: a < b => a <= b + 1"
BODY = "PROVE(least(a, b) <= a && least(a, b) <= b);"
SUM = "GIVEN(a <= 4); PROVE(sum(p, a) <= 4 * 255);"
SUM_MUTATION = "lib/one.c@sum: i < n => i <= n"
# what, changes of the good one, words of the judge (None: it holds)
CASES = [
    ("a good proof", {}, None),
    ("a good proof of a loop", {"body": SUM, "mutation": SUM_MUTATION}, None),
    ("shared memory read once",
     {"body": "PROVE(once(p) < 4);", "volatile": "any",
      "mutation": "lib/one.c@once: v < 4 => v < 5"}, None),
    ("shared memory that stands still",
     {"body": "PROVE(twice(p) < 4);",
      "mutation": "lib/one.c@twice: *p < 4 => *p < 5"}, None),
    ("shared memory read twice",
     {"body": "PROVE(twice(p) < 4);", "volatile": "any",
      "mutation": "lib/one.c@once: v < 4 => v < 5"}, "does not hold"),
    ("shared memory read past the end",
     {"body": "PROVE(once(p + a) < 4);", "volatile": "any",
      "mutation": "lib/one.c@once: v < 4 => v < 5"},
     "pointer outside object bounds"),
    ("a wrong claim", {"body": "PROVE(least(a, b) < a);"},
     "does not hold: main.assertion"),
    ("a claim that nothing reaches",
     {"body": BODY + " GIVEN(a < b && b < a); PROVE(a > b);"},
     "never seen: a > b"),
    ("a witness that never is",
     {"body": BODY + " SEEN(least(a, b) > b);"},
     "never seen: least(a, b) > b"),
    ("a contradiction in all that is given",
     {"body": "GIVEN(a < b && b < a);" + BODY}, "never seen"),
    ("no claim", {"body": "sum(p, 4);"}, "proves nothing"),
    ("a read past the end", {"body": "PROVE(sum(p, 5) < 2000);",
                             "flags": "--unwind 6"}, "does not hold"),
    ("a loop cut short", {"body": SUM, "mutation": SUM_MUTATION,
                          "flags": "--unwind 3"}, "unwinding assertion"),
    ("a function without a body",
     {"more": "unsigned other(void);", "body": BODY + " (void)other();"},
     "no body for callee other"),
    ("the same beside shared memory",
     {"more": "unsigned other(void);", "body": BODY + " (void)other();",
      "volatile": "any"}, "no body for callee other"),
    ("a mutation that changes nothing that counts",
     {"mutation": "lib/one.c: a < b => a <= b"}, "survived"),
    ("a mutation that is not in the source",
     {"mutation": "lib/one.c: a <= b => a < b"}, "does not apply"),
    ("a mutation of two places",
     {"mutation": "lib/one.c: unsigned => int"}, "does not apply"),
    ("a mutation that does not compile",
     {"mutation": "lib/one.c: a < b => a <"}, "cbmc gave up"),
    ("a mutation that only loops longer",
     {"body": SUM, "mutation": "lib/one.c@sum: i++) => i += i < n)",
      "flags": "--unwind 5"}, "survived"),
    ("no mutation", {"mutation": ""}, "needs one line `mutation"),
    ("a source that is not there",
     {"mutation": "lib/two.c: a => b"}, "lib/two.c is not there"),
    ("no end in time",
     {"body": "unsigned long x = nondet_u64(), y = nondet_u64(); GIVEN(x > 1 "
      "&& y > 1 && x < 0xffffffff && y < 0xffffffff); "
      "PROVE(x * y != 0x75bcd159f2a17e3bul);"}, "no end in 4 s"),
]


def judge(changes):
    values = {"flags": FLAGS, "mutation": MUTATION, "body": BODY, "more": "",
              "volatile": "",
              **changes}
    text = HEAD
    for key, value in values.items():
        text = text.replace("{%s}" % key, value)
    with tempfile.TemporaryDirectory() as root:
        for name, content in (("lib/one.c", SOURCE),
                              ("proofs/lib/one_proof.c", text)):
            f = pathlib.Path(root) / name
            f.parent.mkdir(parents=True, exist_ok=True)
            f.write_text(content)
        (pathlib.Path(root) / "proofs/fake").mkdir()
        shutil.copy(HERE.parent / "proofs/fake/proof.h",
                    pathlib.Path(root) / "proofs/fake")
        return subprocess.run(
            [str(HERE / "proof.py"), "run", "--jobs", "1"], text=True,
            capture_output=True, cwd=root, env={
                **os.environ, "PROOF_ROOT": root, "BUILD": root + "/build"})


def main():
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda c: judge(c[1]), CASES))
    for (what, _, words), got in zip(CASES, results):
        good = got.returncode == 0 and "proved lib/one" in got.stdout \
            if words is None else \
            got.returncode == 1 and words in got.stdout
        if not good:
            wrong.append(f"{what}: expected `{words or 'proved'}`:\n"
                         f"{got.stdout}{got.stderr}")
    print("\n".join(wrong) or f"prooftest: {len(CASES)} proofs judged well")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checkers on trial: each must pass a good tree and name the fault of
every bad one. A checker that sees nothing would otherwise look like success."""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LICENCE = "/* SPDX-License-Identifier: MIT */\n"
HEAD = LICENCE + "/* A sample. */\n"
HEADER = HEAD + "#pragma once\n"
GOOD = {
    "docs/layers.txt": "# SPDX-License-Identifier: MIT\n"
                       "abi:\nlib: abi\nhw: abi\nkernel/base: abi lib\n"
                       "kernel: abi lib\ntools/*: lib\ntests: *\n",
    "docs/features.md": "`lib/one.c`\n",
    "README.md": "<!-- SPDX-License-Identifier: MIT -->\n[x](lib/one.c)\n",
    "abi/one.h": HEADER,
    "lib/one.h": HEADER + '#include "abi/one.h"\n',
    "lib/one.c": HEAD + '#include "lib/one.h"\n#include <stdint.h>\n',
    "hw/one.h": HEADER + 'static inline void f(void)\n{\n'
                '\tasm volatile("hlt");\n}\n',
    "kernel/main.c": HEAD + '#include "kernel/base/one.h"\n',
    "kernel/base/one.h": HEADER,
    "tools/one/main.c": HEAD + '#include <stdio.h>\n',
    "tests/one.c": HEAD + '#include "kernel/base/one.h"\n',
}
GOOD["docs/features.md"] = GOOD["README.md"].splitlines()[0] + \
    "\n`lib/one.c` `kernel/base/`\n"


def function(body):
    return HEAD + "\nstatic void f(void)\n{\n" + body + "}\n"


# checker, path, content, words its report must hold
BAD = [
    ("layers", "lib/bad.c", HEAD + '#include "kernel/base/one.h"\n',
     "lib/bad.c: may not include kernel/base/one.h"),
    ("layers", "kernel/base/bad.c", HEAD + '#include "kernel/top.h"\n',
     "may not include kernel/top.h"),
    ("layers", "lib/bad.c", HEAD + '#include "one.h"\n',
     "may not include one.h"),
    ("layers", "lib/bad.c", HEAD + "#include <stdio.h>\n",
     "may not include <stdio.h>"),
    ("layers", "tools/two/main.c", HEAD + '#include "tools/one/one.h"\n',
     "may not include tools/one/one.h"),
    ("layers", "lib/one.h", HEADER + '#include "lib/one.h"\n',
     "include cycle: lib/one.h -> lib/one.h"),
    ("layers", "abi/one.h", HEADER + '#include "abi/two.h"\n', None),
    ("layers", "attic/bad.c", HEAD, "in no layer"),
    ("layers", "lib/bad.c", function('\t__asm__ volatile("hlt");\n'),
     "inline assembly outside hw/"),
    ("layers", "lib/bad.c", HEAD + "\n" * 600, "longer than 600 lines"),
    ("style", "lib/bad.c", "/* A sample. */\n", "not the SPDX line"),
    ("style", "lib/bad.c", LICENCE + "int x;\n", "what the file is for"),
    ("style", "lib/bad.c", function("\tg();\n" * 60), "function of 62 lines"),
    ("style", "lib/bad.c", function(
        "\tif (a) {\n\t\tif (b) {\n\t\t\tif (c) {\n\t\t\t\tif (d)\n"
        "\t\t\t\t\tg();\n\t\t\t}\n\t\t}\n\t}\n"), "nested deeper"),
    ("style", "lib/bad.c", function("again:\n\tgoto again;\n"), "goto again"),
    ("style", "lib/bad.c", function("out:\n\tg();\n\tgoto out;\n"),
     "goto out"),
    ("style", "lib/util.c", HEAD, "a name that says nothing"),
    ("style", "lib/bad.c", HEAD + "typedef struct x y;\n", "typedef hides"),
    ("style", "lib/bad.h", HEAD, "no #pragma once"),
    ("style", "lib/bad.c", HEAD + "#ifdef X\n#endif\n", "#if; let the build"),
    ("style", "lib/one.c", HEAD + '#include "abi/one.h"\n',
     "before its own header"),
    ("style", "lib/bad.c", HEAD + "/* TO" + "DO */\n", "unfinished"),
    ("style", "lib/bad.c", HEAD + "/* /wo" + "rk/x */\n", "one machine"),
    ("style", "bad.sh", "#!/bin/sh\n# SPDX-License-Identifier: MIT\npki"
     + "ll x\n", "by name"),
    ("style", "bad.sh", "#!/bin/sh\n# SPDX-License-Identifier: MIT\n# deb."
     + "debian.org\n", "archive host"),
    ("style", "lib/bad.c", HEAD + "int x; \n", "space at the end"),
    ("style", "lib/bad.c", HEAD + "int x;", "no newline"),
    ("style", "lib/bad.c", HEAD + "/* " + "x" * 100 + " */\n",
     "longer than 100 columns"),
    ("features", "docs/features.md", "`lib/none.c`\n", "lib/none.c is not"),
    ("features", "README.md", "[x](docs/none.md)\n", "link to docs/none.md"),
]


def run(checker, files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            f = pathlib.Path(root) / name
            f.parent.mkdir(parents=True, exist_ok=True)
            f.write_text(text)
        return subprocess.run([str(HERE / (checker + ".py")), root],
                              capture_output=True, text=True)


def main():
    wrong = []
    for checker in ("layers", "style", "features"):
        got = run(checker, GOOD)
        if got.returncode:
            wrong.append(f"{checker} refuses the good tree:\n{got.stdout}"
                         f"{got.stderr}")
    for checker, name, text, words in BAD:
        files = {**GOOD, name: text}
        if words is None:	# a cycle of two needs its other half
            files["abi/two.h"] = HEADER + '#include "abi/one.h"\n'
            words = "include cycle: abi/one.h -> abi/two.h -> abi/one.h"
        got = run(checker, files)
        if got.returncode != 1 or words not in got.stdout:
            wrong.append(f"{checker} does not say `{words}` of {name}:\n"
                         f"{got.stdout}{got.stderr}")
    print("\n".join(wrong) or f"selftest: {len(BAD)} faults all found")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

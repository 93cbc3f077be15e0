#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check what a compiler does not: first lines, names, lengths, nesting,
gotos, forbidden words. usage: style.py [--density] [ROOT]"""
import pathlib
import re
import subprocess
import sys

FUNCTION_MAX = 60
TABS_MAX = 4		# a function's body plus three levels
COLUMNS_MAX = 100
NAMES = {"util", "utils", "misc", "common", "helper", "helpers", "defs",
         "types", "api"}
CODE = {".c", ".h", ".S", ".lds", ".py", ".sh", ".mk", ".1", ".md"}
# Written apart, so that this file passes its own check.
WORDS = [(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b",
          "unfinished business; file an issue"),
         (r"\b(pk" + r"ill|kill" + r"all)\b", "ends processes by name"),
         (r"(?<![\w.$}])/(work|home|root)/\w", "path of one machine"),
         (r"\b(deb|ftp|security|snapshot|archive|cdn)\S*\.(debian|ubuntu)\."
          r"(org|com)", "archive host; apt's configuration knows it"),
         (r"clang-" + r"format off|NO" + r"LINT|cppcheck-" + r"suppress",
          "silences a checker")]


def files(root):
    """Tracked and new files; without git, everything below root."""
    got = subprocess.run(["git", "-C", str(root), "ls-files", "-co",
                          "--exclude-standard"], capture_output=True,
                         text=True)
    if got.returncode == 0:
        names = got.stdout.splitlines()
    else:
        names = [str(f.relative_to(root)) for f in root.rglob("*")]
        names = [n for n in names if not n.startswith(("build/", ".git/"))]
    return [n for n in sorted(set(names)) if (root / n).is_file()]


def is_code(path, text):
    return path.suffix in CODE or path.name in ("Makefile", "config.mk") or \
        text.startswith("#!")


def check_text(name, text, bad):
    for n, line in enumerate(text.splitlines(), 1):
        for pattern, why in WORDS:
            if re.search(pattern, line):
                bad.append(f"{name}:{n}: {why}: {line.strip()[:60]}")
        if line != line.rstrip():
            bad.append(f"{name}:{n}: space at the end of the line")
    if text and not text.endswith("\n"):
        bad.append(f"{name}: no newline at the end")
    head = text.splitlines()[:2]
    if not any("SPDX-License-Identifier: MIT" in x for x in
               (head if text.startswith("#!") else head[:1])):
        bad.append(f"{name}: first line is not the SPDX line")


def blank_strings(text):
    """Comments, strings and characters become blanks; lines stay."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  text, flags=re.S)


def functions(code):
    """(line of `{`, lines of the body) of every function."""
    start = None
    lines = code.splitlines()
    for n, line in enumerate(lines):
        if line.startswith("{"):
            start = n
        elif line.startswith("}") and start is not None:
            yield start + 1, lines[start:n + 1]
            start = None


def ends_statement(text):
    """Whether the next line starts a new one; text is joined from its start."""
    if re.search(r"([;{}]|\belse|\bdo)$", text):
        return True
    if re.match(r"(case\b[^?]*|default|\w+)\s*:$", text):
        return True
    control = re.match(r"(} )?(else )?(if|for|while|switch)\b", text)
    return bool(control) and text.endswith(")") and \
        text.count("(") == text.count(")")


def check_nesting(name, first, body, bad):
    statement = ""
    for n, line in enumerate(body[1:-1], first + 1):
        text = line.strip()
        if not text:
            continue
        tabs = len(line) - len(line.lstrip("\t"))
        if not statement and tabs > TABS_MAX and not text.startswith("}"):
            bad.append(f"{name}:{n}: nested deeper than three levels")
            return
        statement = (statement + " " + text).strip()
        if ends_statement(statement):
            statement = ""


def check_gotos(name, first, body, bad):
    text = "\n".join(body)
    labels = {m.group(1): m.start() for m in
              re.finditer(r"^(?!\s*default)\s{0,1}(\w+):\s*$", text, re.M)}
    for m in re.finditer(r"\bgoto\s+([\w*]+)", text):
        label = m.group(1)
        if not label.startswith("out") or \
                labels.get(label, -1) < m.start():
            line = first + text[:m.start()].count("\n")
            bad.append(f"{name}:{line}: goto {label}: only forward, "
                       "into one ladder of labels out...")


def own_header_first(path, text, bad):
    header = path.with_suffix(".h")
    found = re.search(r'^#include ["<]([^">]+)[">]', text, re.M)
    if found and found.group(1) != str(header):
        bad.append(f"{path}: includes {found.group(1)} before its own header")


def check_c(root, path, text, bad):
    name, code = str(path), blank_strings(text)
    for n, line in enumerate(text.splitlines(), 1):
        if len(line.expandtabs(8)) > COLUMNS_MAX:
            bad.append(f"{name}:{n}: longer than {COLUMNS_MAX} columns")
    second = (text.splitlines() + ["", ""])[1]
    if not second.startswith("/*"):
        bad.append(f"{name}: second line does not say what the file is for")
    for first, body in functions(code):
        if len(body) > FUNCTION_MAX:
            bad.append(f"{name}:{first}: function of {len(body)} lines")
        check_nesting(name, first, body, bad)
        check_gotos(name, first, body, bad)
    if re.search(r"\btypedef\s+(struct|union|enum)\b", code):
        bad.append(f"{name}: typedef hides a struct")
    if path.suffix == ".h" and "#pragma once" not in text:
        bad.append(f"{name}: no #pragma once")
    if path.suffix == ".c":
        if re.search(r"^\s*#\s*if", code, re.M):
            bad.append(f"{name}: #if; let the build choose a file instead")
        if (root / path).with_suffix(".h").exists():
            own_header_first(path, text, bad)


def density(root, names):
    """Comment lines against code and comment lines, room by room."""
    rooms = {}
    for name in names:
        if name.endswith((".c", ".h")):
            text = (root / name).read_text()
            all_lines = sum(1 for x in text.splitlines() if x.strip())
            code = sum(1 for x in blank_strings(text).splitlines()
                       if x.strip())
            room = rooms.setdefault(name.split("/")[0], [0, 0, 0])
            room[0] += 1
            room[1] += all_lines
            room[2] += all_lines - code - 1	# less the licence
    for room, (n, lines, comments) in sorted(rooms.items()):
        print(f"{room:10} {n:4} files {lines:6} lines "
              f"{100 * comments / max(lines, 1):5.1f} % comment lines")


def main():
    args = [a for a in sys.argv[1:] if a != "--density"]
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(args[0]) if args else here
    names, bad = files(root), []
    for name in names:
        path = pathlib.Path(name)
        if path.stem in NAMES and not name.startswith("tools/common/"):
            bad.append(f"{name}: a name that says nothing")
        try:
            text = (root / name).read_text()
        except UnicodeDecodeError:
            continue
        if is_code(path, text):
            check_text(name, text, bad)
        if path.suffix in (".c", ".h", ".S"):
            check_c(root, path, text, bad)
    if "--density" in sys.argv:
        density(root, names)
    print("\n".join(bad) or f"style: {len(names)} files in order")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

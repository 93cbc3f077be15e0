#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check #include lines against docs/layers.txt: direction, cycles, strangers,
inline assembly outside hw/, files over 600 lines. usage: layers.py [ROOT]"""
import pathlib
import re
import sys

LINES_MAX = 600
# What a freestanding compiler brings along; all else needs an operating system.
BARE_ROOMS = ("abi/", "lib/", "hw/", "model/", "boot/", "kernel/", "emu/")
BARE_HEADERS = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h", "limits.h",
                "stdalign.h", "stdnoreturn.h", "stdatomic.h"}
SKIP = ("build/", ".git/")


def read_rules(text):
    rules = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            name, _, allowed = line.partition(":")
            rules[name.strip()] = allowed.split()
    return rules


def layer_of(path, rules):
    """(layer's folder, allowed folders) of the longest rule above path."""
    parts = path.split("/")[:-1]
    for n in range(len(parts), 0, -1):
        folder = "/".join(parts[:n])
        if folder in rules:
            return folder, rules[folder]
        star = "/".join(parts[:n - 1]) + "/*"
        if star in rules:
            return folder, rules[star]
    return None, []


def allowed_include(path, inc, rules):
    mine, allowed = layer_of(path, rules)
    if "*" in allowed:
        return True
    theirs, _ = layer_of(inc, rules)
    # The top folder of a room also holds its sub-folders: kernel/main.c.
    if theirs and (theirs == mine or theirs.startswith(mine + "/")):
        return True
    return theirs in allowed


def strip_comments(text):
    blank = lambda m: re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                  lambda m: m.group(0) if m.group(0)[0] == '"' else blank(m),
                  text, flags=re.S)


def cycles(graph):
    """Each include cycle once, as `a -> b -> a`."""
    found, state = [], {}

    def visit(node, trail):
        if state.get(node) == "done" or node not in graph:
            return
        if node in trail:
            found.append(" -> ".join(trail[trail.index(node):] + [node]))
            return
        for n in graph[node]:
            visit(n, trail + [node])
        state[node] = "done"

    for node in sorted(graph):
        visit(node, [])
    return found


def check_file(path, text, rules, bad):
    code = strip_comments(text)
    if layer_of(path, rules)[0] is None:
        bad.append(f"{path}: in no layer of docs/layers.txt")
        return []
    incs = re.findall(r'^\s*#\s*include\s+"([^"]+)"', code, re.M)
    for inc in incs:
        if not allowed_include(path, inc, rules):
            bad.append(f"{path}: may not include {inc}")
    if path.startswith(BARE_ROOMS):
        for inc in re.findall(r"^\s*#\s*include\s+<([^>]+)>", code, re.M):
            if inc not in BARE_HEADERS:
                bad.append(f"{path}: may not include <{inc}>")
    if not path.startswith("hw/") and re.search(
            r"\b(asm|__asm|__asm__)\b\s*(volatile|__volatile__|goto|\()",
            code):
        bad.append(f"{path}: inline assembly outside hw/")
    if text.count("\n") > LINES_MAX:
        bad.append(f"{path}: longer than {LINES_MAX} lines")
    return incs


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    rules = read_rules((root / "docs/layers.txt").read_text())
    bad, graph, count = [], {}, 0
    for f in sorted(root.rglob("*.[chS]")):
        path = str(f.relative_to(root))
        if path.startswith(SKIP):
            continue
        count += 1
        incs = check_file(path, f.read_text(), rules, bad)
        if path.endswith(".h"):
            graph[path] = incs
    bad += ["include cycle: " + c for c in cycles(graph)]
    print("\n".join(bad) or f"layers: {count} files in order")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

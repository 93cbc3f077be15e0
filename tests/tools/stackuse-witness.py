#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second witness for stackuse: the machine code itself. Follows the stack
pointer through every function of the disassembled kernel; gcc's frame must be
at least what is found, and every direct call must be in gcc's call graphs or
in kernel/stacks.txt."""
# timeout: 120
import os
import pathlib
import re
import subprocess
import sys

BUILD = os.environ.get("BUILD") or "build"
BUILDS = {"release": (f"{BUILD}/bin/coir-svsm.elf", "kernel"),
          "debug": (f"{BUILD}/debug/coir-svsm.elf", "debug")}
JUMP = re.compile(r"^(?:bnd )?(j\w+|call|loop\w*)\s+([0-9a-f]+) <([^>+]+)"
                  r"(\+0x[0-9a-f]+)?>")


def symbol_of(title):
    return title.rsplit(":", 1)[-1]


def graphs(folder):
    """(frames by symbol: the largest of all of that name, edges by symbol)."""
    frames, edges = {}, {}
    for name in pathlib.Path(f"{BUILD}/obj/{folder}/graphs.txt").\
            read_text().split():
        text = pathlib.Path(name).read_text()
        for title, size in re.findall(
                r'^node: { title: "([^"]+)" label: "[^"]*?\\n(\d+) bytes',
                text, re.M):
            symbol = symbol_of(title)
            frames[symbol] = max(frames.get(symbol, 0), int(size))
        for a, b in re.findall(r'^edge: { sourcename: "([^"]+)" '
                               r'targetname: "([^"]+)"', text, re.M):
            edges.setdefault(symbol_of(a), set()).add(symbol_of(b))
    rules = pathlib.Path("kernel/stacks.txt").read_text()
    for size, names in re.findall(r"^pushes (\d+) (.*) because", rules, re.M):
        for name in names.split():
            frames[name] = frames.get(name, 0) + int(size)
    for name, size, calls in re.findall(
            r"^assembly (\S+) (\d+)(?: calls (.*))?$", rules, re.M):
        frames[name] = int(size)
        edges[name] = set(calls.split())
    return frames, edges


def functions(elf):
    """(symbol, [(address, instruction)]) of everything in .text and .boot."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", elf],
                          capture_output=True, text=True, check=True).stdout
    name, code = None, []
    for line in text.splitlines():
        head = re.match(r"^[0-9a-f]+ <(.+)>:$", line)
        if head:
            if name:
                yield name, code
            name, code = head[1], []
        part = line.split(":\t", 1)
        if len(part) == 2 and name:
            code.append((int(part[0], 16), part[1].strip()))
    if name:
        yield name, code


def step(text, depth, frame):
    """Depth and frame pointer's depth after one instruction."""
    op = text.split()[0]
    if op == "push":
        return depth + 8, frame
    if op == "pop":
        return depth - 8, frame
    if op == "leave":
        return frame - 8, frame
    move = re.match(r"(sub|add)\s+\$(0x[0-9a-f]+),%rsp$", text)
    if move:
        size = int(move[2], 16)
        size -= (size >> 63) << 64
        return depth + (size if move[1] == "sub" else -size), frame
    if re.match(r"mov\s+%rsp,%rbp$", text):
        return depth, depth
    back = re.match(r"lea\s+(-?0x[0-9a-f]+)\(%rbp\),%rsp$", text)
    if back:
        return frame - int(back[1], 16), frame
    # An empty stack, for an entry point; or the one that user_enter left.
    if re.match(r"mov\w*\s+(\$|%gs:)0x[0-9a-f]+,%[er]sp$", text):
        return 0, frame
    if re.match(r"\S+\s+.*,%[er]sp$", text) and not text.startswith("cmp"):
        raise ValueError(f"what does {text} do to the stack?")
    return depth, frame


def deepest(code):
    """The most that any path of the function has on the stack; the return
    address is there from the start. Cases of a switch are begun with what the
    function has at its jump."""
    at = {a: i for i, (a, _) in enumerate(code)}
    todo, seen, most = [(0, 8, 0)], set(), 8
    table = None
    while todo:
        i, depth, frame = todo.pop()
        while i < len(code) and i not in seen:
            seen.add(i)
            text = code[i][1]
            depth, frame = step(text, depth, frame)
            most = max(most, depth)
            jump = JUMP.match(text)
            if jump and jump[1] != "call" and int(jump[2], 16) in at:
                todo.append((at[int(jump[2], 16)], depth, frame))
            if re.match(r"(notrack )?jmp\s+\*", text):
                table = (depth, frame)
            if re.match(r"(bnd )?(ret|jmp|ud2|iretq|lretq|(notrack )?jmp)\b",
                        text):
                break
            i += 1
        if not todo and table:
            todo += [(n, *table) for n in range(len(code))
                     if n not in seen and is_target(code, n)][:1]
    return most


def is_target(code, n):
    """After an end, and no padding: a case of a switch begins there."""
    return re.match(r"(jmp|ret|ud2)", code[n - 1][1]) and \
        not re.match(r"(nop|xchg\s+%ax,%ax|data16|cs nop)", code[n][1])


def calls(code, own):
    for _, text in code:
        jump = JUMP.match(text)
        if jump and not jump[4] and jump[3] != own:
            yield jump[3]


def main():
    wrong, count, called = [], 0, 0
    for build, (elf, folder) in BUILDS.items():
        if not pathlib.Path(f"{BUILD}/obj/{folder}/kernel/main.c.ci").exists():
            print("no call graphs: only gcc writes them")
            sys.exit(77)
        frames, edges = graphs(folder)
        for name, code in functions(elf):
            base = name.split(".cold")[0]
            for to in calls(code, name):
                called += 1
                if base in frames and to in frames and to != base and \
                        to not in edges.get(base, set()):
                    wrong.append(f"{build}: {base} calls {to}: not in the "
                                 "graph")
            # Assembly's frames have what the processor pushed; its labels
            # and the parts of functions have no frame of their own.
            if name not in frames or name in ("trap_stubs", "aside_jump"):
                continue
            count += 1
            found = deepest(code)
            if frames[name] < found and not (found == 8 and
                                             not frames[name]):
                wrong.append(f"{build}: {name}: frame {frames[name]}, the "
                             f"code uses {found}")
    if count < 300 or called < 600:
        wrong.append(f"only {count} functions and {called} calls found")
    print("\n".join(wrong) or
          f"witness: {count} frames and {called} calls agree")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

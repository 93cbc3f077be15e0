#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check that every path in docs/features.md exists, and every relative link
in the pages. usage: features.py [ROOT]"""
import pathlib
import re
import sys


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    bad, count = [], 0
    for page in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        name = page.relative_to(root)
        text = page.read_text()
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            count += 1
            if not (page.parent / target).exists():
                bad.append(f"{name}: link to {target}, which is not there")
        if page.name != "features.md":
            continue
        for path in re.findall(r"`([\w.*-]+/[\w./*-]*)`", text):
            count += 1
            if not list(root.glob(path.rstrip("/"))):
                bad.append(f"{name}: {path} is not there")
    print("\n".join(bad) or f"features: {count} paths in order")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

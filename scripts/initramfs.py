#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Build the guest's initramfs: busybox, guest/, and kernel modules.

usage: initramfs.py --busybox FILE [--kernel-dir DIR] [--add FILE=PATH]...
                    --output FILE

Written here, not by cpio(1): needs no root for device nodes, and the same
input gives the same bytes.
"""
import argparse
import gzip
import lzma
import pathlib
import re
import stat

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What a stock kernel lacks for the machine we give it.
MODULES = ["virtio_blk", "virtio_net", "ghash-generic", "gcm", "sev-guest"]


class Cpio:
    """A newc archive, entries in order of their names."""

    def __init__(self):
        self.entries = {}

    def add(self, path, data=b"", mode=stat.S_IFREG | 0o644, rdev=(0, 0)):
        parent = pathlib.PurePosixPath(path).parent
        if str(parent) != "." and str(parent) not in self.entries:
            self.add(str(parent), mode=stat.S_IFDIR | 0o755)
        self.entries[path] = (data, mode, rdev)

    @staticmethod
    def entry(number, path, data, mode, rdev):
        name = path.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *rdev,
                  len(name), 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + name
        return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)

    def bytes(self):
        out = [self.entry(i + 1, path, *self.entries[path])
               for i, path in enumerate(sorted(self.entries))]
        out.append(self.entry(0, "TRAILER!!!", b"", 0, (0, 0)))
        return b"".join(out)


def modules(kernel_dir):
    """(name, bytes) of MODULES and what they depend on, in loading order."""
    files = {}
    for f in pathlib.Path(kernel_dir).glob("**/lib/modules/**/*.ko*"):
        files[f.name.split(".ko")[0].replace("-", "_")] = f
    done = {}

    def load(name):
        name = name.replace("-", "_")
        # Built in, or not part of this flavour: the guest does without.
        if name in done or name not in files:
            return
        data = files[name].read_bytes()
        if files[name].suffix == ".xz":
            data = lzma.decompress(data)
        found = re.search(rb"\0depends=([^\0]*)\0", data)
        for other in found[1].decode().split(",") if found else []:
            load(other)
        done[name] = data

    for name in MODULES:
        load(name)
    return done.items()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--busybox", required=True)
    p.add_argument("--kernel-dir")
    p.add_argument("--add", action="append", default=[])
    p.add_argument("--output", required=True)
    args = p.parse_args()

    program = stat.S_IFREG | 0o755
    c = Cpio()
    # The kernel opens /dev/console before init can mount anything.
    c.add("dev/console", mode=stat.S_IFCHR | 0o600, rdev=(5, 1))
    c.add("bin/busybox", pathlib.Path(args.busybox).read_bytes(), program)
    c.add("init", (ROOT / "guest/init").read_bytes(), program)
    c.add("etc/note", (ROOT / "guest/note").read_bytes())
    for f in (ROOT / "guest/bin").iterdir():
        c.add("bin/" + f.name, f.read_bytes(), program)
    order = []
    for name, data in modules(args.kernel_dir) if args.kernel_dir else []:
        c.add(f"lib/modules/{name}.ko", data)
        order.append(name + ".ko\n")
    c.add("lib/modules/order", "".join(order).encode())
    for pair in args.add:
        host, _, path = pair.partition("=")
        mode = program if pathlib.Path(host).stat().st_mode & 0o100 else \
            stat.S_IFREG | 0o644
        c.add(path.lstrip("/"), pathlib.Path(host).read_bytes(), mode)
    packed = gzip.compress(c.bytes(), 9, mtime=0)
    pathlib.Path(args.output).write_bytes(packed)


if __name__ == "__main__":
    main()

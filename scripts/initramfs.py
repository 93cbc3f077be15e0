#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Build the guest's initramfs: busybox, guest/, and kernel modules.

usage: initramfs.py --busybox FILE [--kernel-dir DIR] [--module FILE]...
                    [--guest DIR] [--add FILE=PATH]... --output FILE
       initramfs.py --tree DIR [--program PATH]... [--folder PATH]...
                    --output FILE

--module: a module of our own, loaded after the kernel's. --guest: a folder like
guest/, whose files add to it or replace its own. The second form makes an
archive to put before such a one: of the unpacked packages below DIR the
programs and libraries named (PATH within it), with all links to them and all
libraries that they need; folders as they are.

Written here, not by cpio(1): needs no root for device nodes, and the same
input gives the same bytes.
"""
import argparse
import gzip
import lzma
import pathlib
import re
import stat
import subprocess
import sys

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

    def add_file(self, path, file):
        mode = 0o755 if file.stat().st_mode & 0o100 else 0o644
        self.add(path, file.read_bytes(), stat.S_IFREG | mode)

    def add_link(self, path, target):
        self.add(path, target.encode(), stat.S_IFLNK | 0o777)

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


class Tree:
    """Unpacked packages: programs with the libraries they need."""

    LIBRARIES = ["usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/systemd"]
    LOADER = "ld-linux-x86-64.so.2"

    def __init__(self, root, cpio):
        self.root = pathlib.Path(root)
        self.cpio = cpio
        self.done = set()

    def add(self, path):
        """A program or library: its file, links to it, what it needs."""
        file = (self.root / path).resolve()
        if not file.is_file() or self.root.resolve() not in file.parents:
            sys.exit(f"initramfs: no {path} in {self.root}")
        if file in self.done:
            return
        self.done.add(file)
        folder = pathlib.PurePosixPath(path).parent
        self.cpio.add_file(f"{folder}/{file.name}", file)
        for link in sorted((self.root / folder).iterdir()):
            if link.is_symlink() and link.resolve() == file:
                self.cpio.add_link(f"{folder}/{link.name}", file.name)
        for name in self.needs(file):
            self.add(self.find(name, path))

    @staticmethod
    def needs(file):
        out = subprocess.run(["readelf", "-d", str(file)], check=True,
                             capture_output=True, text=True).stdout
        return re.findall(r"\(NEEDED\).*\[(.*)\]", out)

    def find(self, name, wanted_by):
        for folder in self.LIBRARIES:
            if (self.root / folder / name).exists():
                return f"{folder}/{name}"
        sys.exit(f"initramfs: {wanted_by} needs {name}, which is not there")

    def add_loader(self):
        """Programs name it by a path outside of the folders above."""
        path = self.find(self.LOADER, "every program")
        self.add(path)
        self.cpio.add_link("lib64/" + self.LOADER, "/" + path)

    def add_folder(self, path):
        for file in sorted((self.root / path).rglob("*")):
            if file.is_file():
                self.cpio.add_file(str(file.relative_to(self.root)), file)


def add_guest(c, folder):
    """Scripts of a guest: bin/ to /bin, the note to /etc."""
    for f in sorted((folder / "bin").iterdir()):
        c.add("bin/" + f.name, f.read_bytes(), stat.S_IFREG | 0o755)
    c.add_file("etc/note", folder / "note")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--busybox")
    p.add_argument("--kernel-dir")
    p.add_argument("--module", action="append", default=[])
    p.add_argument("--guest")
    p.add_argument("--add", action="append", default=[])
    p.add_argument("--tree")
    p.add_argument("--program", action="append", default=[])
    p.add_argument("--folder", action="append", default=[])
    p.add_argument("--output", required=True)
    return p.parse_args()


def add_modules(c, args):
    order = []
    for name, data in modules(args.kernel_dir) if args.kernel_dir else []:
        c.add(f"lib/modules/{name}.ko", data)
        order.append(name + ".ko\n")
    for f in map(pathlib.Path, args.module):
        c.add("lib/modules/" + f.name, f.read_bytes())
        order.append(f.name + "\n")
    c.add("lib/modules/order", "".join(order).encode())


def system(c, args):
    # The kernel opens /dev/console before init can mount anything.
    c.add("dev/console", mode=stat.S_IFCHR | 0o600, rdev=(5, 1))
    program = stat.S_IFREG | 0o755
    c.add("bin/busybox", pathlib.Path(args.busybox).read_bytes(), program)
    c.add("init", (ROOT / "guest/init").read_bytes(), program)
    add_guest(c, ROOT / "guest")
    if args.guest:
        add_guest(c, pathlib.Path(args.guest))
    add_modules(c, args)
    for pair in args.add:
        host, _, path = pair.partition("=")
        c.add_file(path.lstrip("/"), pathlib.Path(host))
    return gzip.compress(c.bytes(), 9, mtime=0)


def programs(c, args):
    tree = Tree(args.tree, c)
    tree.add_loader()
    for path in args.program:
        tree.add(path)
    for path in args.folder:
        tree.add_folder(path)
    # The kernel's xz decoder knows no other check than this one.
    return lzma.compress(c.bytes(), check=lzma.CHECK_CRC32)


def main():
    args = arguments()
    make = programs if args.tree else system
    pathlib.Path(args.output).write_bytes(make(Cpio(), args))


if __name__ == "__main__":
    main()

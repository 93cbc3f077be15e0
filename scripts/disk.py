#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make a bootable disk: GPT, an EFI system partition, and one of plain data.

usage: disk.py --loader EFI --kernel FILE --initrd FILE --cmdline TEXT
               [--data FILE] --output FILE

Written here, not by sfdisk(8) and mtools: needs no root and no package, and
the same input gives the same bytes. The loader is systemd-boot, the file
system FAT32.
"""
import argparse
import pathlib
import struct
import uuid
import zlib

SECTOR = 512
ALIGN = 2048            # sectors: partitions start on 1 MiB
CLUSTER = 2             # sectors of a FAT cluster
CLUSTERS_MIN = 65525    # below that, it would be FAT16 by definition
RESERVED = 32           # sectors before the FATs
ROOT = 2                # cluster of the root directory
LAST = 0x0fffffff
DIRECTORY, ARCHIVE, LONG_NAME = 0x10, 0x20, 0x0f
ESP = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
LINUX_DATA = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")
# Any will do, as long as they are always the same.
NAMESPACE = uuid.UUID("9a9fb6ea-4ed6-5bb4-9c69-06cf1b1a5d3c")


def up(value, step):
    return -(-value // step)


class Fat:
    """A FAT32 file system, clusters given out one after the other."""

    def __init__(self):
        self.clusters = [b"", b""]      # 0 and 1 do not exist
        self.next = [0x0ffffff8, LAST]

    def add(self, data):
        """Data as a chain of clusters; its first one."""
        size = CLUSTER * SECTOR
        first = len(self.clusters)
        for at in range(0, max(len(data), 1), size):
            self.clusters.append(data[at:at + size].ljust(size, b"\0"))
            self.next.append(len(self.clusters))
        self.next[-1] = LAST
        return first

    @staticmethod
    def entry(short, attributes, cluster, size):
        # Dates are fixed: 1 January 2026.
        date = (2026 - 1980) << 9 | 1 << 5 | 1
        return short + struct.pack("<BBBHHHHHHHI", attributes, 0, 0, 0, date,
                                   date, cluster >> 16, 0, date,
                                   cluster & 0xffff, size)

    @staticmethod
    def named(name, number, attributes, cluster, size):
        """Entries of the long name, last part first, then the short one."""
        stem, _, suffix = name.upper().partition(".")
        short = (stem[:6] + f"~{number}").ljust(8).encode() + \
            suffix[:3].ljust(3).encode()
        check = 0
        for byte in short:
            check = ((check >> 1 | check << 7) + byte) & 0xff
        wide = name.encode("utf-16-le")
        parts = up(len(wide), 26)
        if len(wide) % 26:
            wide += b"\0\0"
        wide = wide.ljust(parts * 26, b"\xff")
        out = b""
        for part in range(parts, 0, -1):
            w = wide[(part - 1) * 26:part * 26]
            order = part | (0x40 if part == parts else 0)
            out += bytes([order]) + w[:10] + bytes([LONG_NAME, 0, check]) + \
                w[10:22] + b"\0\0" + w[22:]
        return out + Fat.entry(short, attributes, cluster, size)

    def tree(self, files):
        """Directories as a list, each after its parent."""
        found = {""}
        for path in files:
            parts = path.split("/")[:-1]
            found |= {"/".join(parts[:i + 1]) for i in range(len(parts))}
        return sorted(found, key=lambda d: (d.count("/") + bool(d), d))

    def fill(self, files):
        dirs = self.tree(files)
        at = {}
        inside = {d: sorted([x for x in list(files) + dirs[1:]
                             if x.rpartition("/")[0] == d]) for d in dirs}
        for d in dirs:      # the root first: it must be cluster 2
            # 4 entries each, two of the directory itself, one to end it.
            at[d] = self.add(bytes(32 * (4 * len(inside[d]) + 3)))
        where = {p: self.add(data) for p, data in files.items()}
        for d in dirs:
            out = b""
            if d:
                parent = d.rpartition("/")[0]
                out += self.entry(b".".ljust(11), DIRECTORY, at[d], 0)
                out += self.entry(b"..".ljust(11), DIRECTORY,
                                  at[parent] if parent else 0, 0)
            for number, path in enumerate(inside[d], 1):
                name = path.rpartition("/")[2]
                if path in files:
                    out += self.named(name, number, ARCHIVE, where[path],
                                      len(files[path]))
                else:
                    out += self.named(name, number, DIRECTORY, at[path], 0)
            self.overwrite(at[d], out)

    def overwrite(self, cluster, data):
        size = CLUSTER * SECTOR
        for at in range(0, len(data), size):
            self.clusters[cluster] = data[at:at + size].ljust(size, b"\0")
            cluster += 1    # chains are in one piece here

    def bytes(self, start):
        """The volume, and how many sectors it takes on the disk."""
        count = max(len(self.clusters) + 64, CLUSTERS_MIN + 64)
        fat_sectors = up(4 * count, SECTOR)
        sectors = RESERVED + 2 * fat_sectors + (count - 2) * CLUSTER
        boot = struct.pack("<3s8sHBHBHHBHHHII", b"\xeb\x58\x90", b"COIR    ",
                           SECTOR, CLUSTER, RESERVED, 2, 0, 0, 0xf8, 0, 63,
                           255, start, sectors)
        boot += struct.pack("<IHHIHH12xBBBI11s8s", fat_sectors, 0, 0, ROOT, 1,
                            6, 0x80, 0, 0x29, 0x52494f43, b"NO NAME    ",
                            b"FAT32   ")
        boot = boot.ljust(510, b"\0") + b"\x55\xaa"
        free = count - len(self.clusters)
        info = (b"RRaA".ljust(484, b"\0") + b"rrAa" +
                struct.pack("<II", free, len(self.clusters)))
        info = info.ljust(510, b"\0") + b"\x55\xaa"
        head = boot + info
        head = head.ljust(6 * SECTOR, b"\0") + boot + info
        fat = b"".join(struct.pack("<I", x) for x in self.next)
        fat = fat.ljust(fat_sectors * SECTOR, b"\0")
        return (head.ljust(RESERVED * SECTOR, b"\0") + fat + fat +
                b"".join(self.clusters[2:])), sectors


def gpt_entry(kind, name, first, last):
    return (kind.bytes_le + uuid.uuid5(NAMESPACE, name).bytes_le +
            struct.pack("<QQQ", first, last, 0) +
            name.encode("utf-16-le").ljust(72, b"\0"))


def gpt_header(here, other, total, entries_at, entries):
    head = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0,
                       here, other, 34, total - 34,
                       uuid.uuid5(NAMESPACE, "disk").bytes_le, entries_at,
                       128, 128, zlib.crc32(entries))
    head = head[:16] + struct.pack("<I", zlib.crc32(head)) + head[20:]
    return head.ljust(SECTOR, b"\0")


def write_disk(path, parts, total):
    """parts: (kind, name, first sector, sectors, bytes)."""
    entries = b"".join(gpt_entry(kind, name, first, first + size - 1)
                       for kind, name, first, size, _ in parts)
    entries = entries.ljust(128 * 128, b"\0")
    protective = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xee, b"\xff\xff\xff",
                             1, min(total - 1, 0xffffffff))
    mbr = (bytes(446) + protective).ljust(510, b"\0") + b"\x55\xaa"
    with open(path, "wb") as out:
        out.write(mbr + gpt_header(1, total - 1, total, 2, entries) + entries)
        for _, _, first, _, data in parts:
            out.seek(first * SECTOR)
            out.write(data)
        out.seek((total - 33) * SECTOR)
        out.write(entries + gpt_header(total - 1, 1, total, total - 33,
                                       entries))


def main():
    p = argparse.ArgumentParser()
    for name in ("loader", "kernel", "initrd", "cmdline", "output"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--data")
    args = p.parse_args()

    def read(path):
        return pathlib.Path(path).read_bytes()

    entry = ("title Coir\nlinux /vmlinuz\ninitrd /initrd\n"
             f"options {args.cmdline}\n")
    fat = Fat()
    fat.fill({
        "EFI/BOOT/BOOTX64.EFI": read(args.loader),
        "loader/loader.conf": b"timeout 0\ndefault coir.conf\neditor yes\n",
        "loader/entries/coir.conf": entry.encode(),
        "vmlinuz": read(args.kernel),
        "initrd": read(args.initrd),
    })
    volume, sectors = fat.bytes(ALIGN)
    parts = [(ESP, "esp", ALIGN, sectors, volume)]
    end = up(ALIGN + sectors, ALIGN) * ALIGN
    if args.data:
        data = read(args.data)
        size = up(len(data), SECTOR)
        parts.append((LINUX_DATA, "data", end, size, data))
        end = up(end + size, ALIGN) * ALIGN
    write_disk(args.output, parts, end + ALIGN)


if __name__ == "__main__":
    main()

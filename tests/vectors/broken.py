#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Break a good SEV-SNP IGVM file in many ways, one file each, for tests of
loaders: every result must be refused. usage: broken.py GOOD OUTPUT_FOLDER"""
import pathlib
import struct
import sys
import zlib

PLATFORM, AREA, PAGE, VP, REQUIRED = 0x001, 0x301, 0x302, 0x304, 0x305
CUTS_MAX = 40	# of thousands of page headers a few tell as much


def fixed_size(data):
    return 0x20 if struct.unpack_from("<I", data, 4)[0] == 2 else 0x18


def headers(data):
    """(offset, type, length) of every variable header."""
    at, size = struct.unpack_from("<II", data, 8)
    end = at + size
    while at < end:
        kind, length = struct.unpack_from("<II", data, at)
        yield at, kind, length
        at += 8 + (length + 7 & ~7)


def sealed(data):
    """The same with the right size and checksum, as far as there are any."""
    if len(data) < 0x20:
        return bytes(data)
    data = bytearray(data)
    at, size = struct.unpack_from("<II", data, 8)
    struct.pack_into("<II", data, 0x10, len(data), 0)
    head = bytes(data[:fixed_size(data)]) + bytes(data[at:at + size])
    struct.pack_into("<I", data, 0x14, zlib.crc32(head))
    return bytes(data)


def changed(good, at, form, value):
    data = bytearray(good)
    struct.pack_into(form, data, at, value)
    return sealed(data)


def required(good, at, size):
    """A page's header becomes REQUIRED_MEMORY of so many bytes."""
    data = bytearray(good)
    struct.pack_into("<I", data, at, REQUIRED)
    struct.pack_into("<III", data, at + 20, size, 0, 0)
    return sealed(data)


def cuts(good, found):
    step = max(1, len(found) // CUTS_MAX)
    for at, kind, length in found[::step] + found[-1:]:
        for place in (at, at + 4, at + 8 + length // 2):
            yield f"cut-{place:x}", good[:place]
            yield f"cut-{place:x}-sealed", sealed(good[:place])
    yield "cut-last-byte", good[:-1]


def wrongs(good, found):
    pages = [at for at, kind, length in found if kind == PAGE]
    first = struct.unpack_from("<Q", good, pages[0] + 8)[0]
    yield "empty", b""
    yield "longer", good + bytes(16)
    crc = bytearray(good)
    crc[0x14] ^= 1
    yield "checksum", bytes(crc)
    yield "magic", changed(good, 0, "<I", 0x12345678)
    yield "version", changed(good, 4, "<I", 99)
    yield "no-headers", changed(good, 12, "<I", 0)
    yield "unknown-type", changed(good, pages[0], "<I", 0x3ff)
    yield "wrong-section", changed(good, pages[0], "<I", 0x101)
    yield "huge-header", changed(good, pages[0] + 4, "<I", 0xfffffff8)
    yield "overlap", changed(good, pages[-1] + 8, "<Q", first)
    yield "unaligned", changed(good, pages[0] + 8, "<Q", 0x1001)
    yield "beyond", changed(good, pages[0] + 8, "<Q", 0xfffffffffffff000)
    yield "data-outside", changed(good, pages[0] + 20, "<I", 0xfffffff0)
    yield "data-in-headers", changed(good, pages[0] + 20, "<I", 8)
    yield "unknown-flag", changed(good, pages[0] + 24, "<I", 0x80)
    yield "required-4g", required(good, pages[0], 0xfffff000)
    yield "required-4g-wrapped", required(good, pages[0], 0)
    for at, kind, length in found:
        if kind == PLATFORM:
            yield f"platform-{at:x}", changed(good, at + 13, "<B", 99)
        if kind == AREA:
            yield f"area-{at:x}", changed(good, at + 8, "<Q", 1 << 63)
        if kind == VP:
            yield f"vp-{at:x}", changed(good, at + 20, "<I", 0xfffffff0)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    good = pathlib.Path(sys.argv[1]).read_bytes()
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    found = list(headers(good))
    count = 0
    for make in (cuts, wrongs):
        for name, data in make(good, found):
            (folder / f"{name}.igvm").write_bytes(data)
            count += 1
    print(f"{count} broken files in {folder}")


if __name__ == "__main__":
    main()

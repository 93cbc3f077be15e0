#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Add an SNP_ID_BLOCK directive, unsigned, to a SEV-SNP IGVM file.
usage: idblock.py GOOD LAUNCH-DIGEST OUTPUT"""
import pathlib
import struct
import sys

import broken

ID_BLOCK = 0x30b
BODY = 0x2b8
# where a header's body has the file offset of its data
FILE_OFFSET = {broken.AREA: 12, broken.PAGE: 12, broken.VP: 12}


def body(mask, digest):
    head = struct.pack("<IB3x48s16s16sII", mask, 0, digest, b"family",
                       b"image", 1, 7)
    return head.ljust(BODY, b"\0")


def main():
    good = pathlib.Path(sys.argv[1]).read_bytes()
    found = list(broken.headers(good))
    mask = next(struct.unpack_from("<I", good, at + 8)[0]
                for at, kind, _ in found if kind == broken.PLATFORM)
    at, size = struct.unpack_from("<II", good, 8)
    extra = struct.pack("<II", ID_BLOCK, BODY) + body(
        mask, bytes.fromhex(sys.argv[2]))
    data = bytearray(good)
    for place, kind, _ in found:
        field = place + 8 + FILE_OFFSET.get(kind, 0)
        offset = struct.unpack_from("<I", good, field)[0]
        if kind in FILE_OFFSET and offset:
            struct.pack_into("<I", data, field, offset + len(extra))
    data[at + size:at + size] = extra
    struct.pack_into("<I", data, 12, size + len(extra))
    pathlib.Path(sys.argv[3]).write_bytes(broken.sealed(data))


if __name__ == "__main__":
    main()

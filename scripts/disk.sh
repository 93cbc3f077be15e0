#!/bin/sh
# SPDX-License-Identifier: MIT
# Make the disk that firmware boots Linux from, fetching systemd-boot if needed.
# Its second partition holds known content, which the guest compares: the words
# for that are added to the command line.
# usage: disk.sh OUTPUT VMLINUZ INITRD CMDLINE
set -eu
here=$(dirname "$0")
deb=$("$here/fetch-deb.sh" own systemd-boot-efi)
seq 1 700000 | head -c 4194304 >"$1.data"
sum=$(sha256sum <"$1.data" | cut -d' ' -f1)
"$here/disk.py" --loader "$deb/usr/lib/systemd/boot/efi/systemd-bootx64.efi" \
	--kernel "$2" --initrd "$3" --data "$1.data" --output "$1" \
	--cmdline "$4 coir.efi coir.diskdev=/dev/vda2 coir.disk=$sum"
rm "$1.data"

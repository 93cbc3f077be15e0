#!/bin/sh
# SPDX-License-Identifier: MIT
# Build the guest's initramfs, fetching busybox if needed.
# usage: initramfs.sh OUTPUT [VMLINUZ] [--add FILE=PATH]...
# Modules come from the unpacked package that VMLINUZ lies in, if any.
set -eu
here=$(dirname "$0")
out=$1
kernel=${2:-}
shift; [ $# = 0 ] || shift
deb=$("$here/fetch-deb.sh" own busybox-static)
busybox=$(find "$deb" -name busybox -type f -perm -100 | head -n 1)
[ -z "$kernel" ] || set -- --kernel-dir "$(dirname "$kernel")/.." "$@"
mkdir -p "$(dirname "$out")"
"$here/initramfs.py" --busybox "$busybox" --output "$out" "$@"

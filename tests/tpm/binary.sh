#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# What the service's file is: static, at a fixed address, nothing to relocate,
# no other source of randomness linked, and the same bytes from anywhere.
set -eu
BUILD=$(realpath "${BUILD:-build}")
file=$BUILD/services/vtpm
linked=$BUILD/obj/service/vtpm.elf
work=$(mktemp -d "$BUILD/tpm.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

fail() {
	echo "$*"
	exit 1
}

# The library's own source would bring rand and srand along: it must, or their
# absence would prove nothing.
library=$("${CC:-gcc}" -print-file-name=libtpms.a)
(cd "$work" && ar x "$library" libtpms_tpm2_la-Entropy.o)
for name in rand srand; do
	nm -u "$work/libtpms_tpm2_la-Entropy.o" | grep -qw "$name" ||
		fail "the library's Entropy.o does not use $name any more"
done
nm "$linked" >"$work/names"
grep -qE ' T (main|_plat__GetEntropy)$' "$work/names" || fail "no names in $linked"
[ "$(grep -c ' T _plat__GetEntropy$' "$work/names")" = 1 ] || fail "no entropy of ours"
if grep -wE 'rand|srand|random|srandom|rand_r|random_r' "$work/names"; then
	fail "another source of random numbers is linked"
fi
echo "ok entropy has one source"

readelf -hlW "$file" >"$work/elf"
grep -qE 'Type: +EXEC' "$work/elf" || fail "not at a fixed address"
if grep -wE 'INTERP|DYNAMIC|GNU_RELRO|RWE' "$work/elf"; then
	fail "a segment that does not belong there"
fi
grep -E 'GNU_STACK.* RW ' "$work/elf" >/dev/null || fail "an executable stack"
readelf -rW "$file" | awk '/R_X86_64/ && !/_IRELATIV/ { print; n = 1 } END { exit n }' ||
	fail "something to relocate"
readelf -SW "$file" | grep -q symtab && fail "not stripped"
echo "ok static, fixed, W^X, stripped: $(stat -c %s "$file") bytes"

env -u MAKEFLAGS make BUILD="$work/other/place" services >/dev/null
cmp "$file" "$work/other/place/services/vtpm" || fail "other bytes from another folder"
if strings "$file" | grep -F -e "$BUILD" -e "$PWD/"; then
	fail "a path of this machine"
fi
echo "ok the same bytes from another folder, no path in them"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# What stackuse(1) computes is what really happens: no stack of a booting kernel,
# optimised or not, or of one that served every call, was deeper than it says.
. tests/boot/machine.bash

# computed BUILD ENTRY: bytes
computed() {
	BUILD=$BUILD scripts/stack.sh "$1" --json | tr '\n' ' ' |
		sed 's/.*"name":"'"$2"'","depth":\([0-9]*\).*/\1/'
}

[ -e "$BUILD/obj/kernel/kernel/main.c.ci" ] ||
	{ echo "no call graphs: only gcc writes them"; exit 77; }

# compare WHAT MEASURED COMPUTED: and no nonsense such as 0
compare() {
	[ "${2:-0}" -gt 200 ] || fail "$1: no figure"
	[ "$2" -le "$3" ] || fail "$1: $2 bytes deep, computed are $3"
	echo "$1: $2 bytes, computed at most $3"
}

for build in release debug; do
	svsm=$bin/coir-svsm.elf
	[ $build = release ] || svsm=$BUILD/debug/coir-svsm.elf
	guest_image core 1 "cpus=1 quick"
	machine 0 100 1 512M
	compare "start, $build" "$(sed -n \
		's/.*KiB used, stack \([0-9]*\) bytes.*/\1/p' "$work/serial")" \
		"$(computed $build 'first CPU')"
done
svsm=$test_svsm
guest_image core 1 "cpus=1 stack"
machine 0 120 1 512M
compare "all calls" "$(sed -n \
	's/^core: the stack was \([0-9]*\) bytes deep.*/\1/p' "$work/serial")" \
	"$(computed release 'requests, first CPU')"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# Machines of several sizes: what the SVSM takes, what it has used of that, and
# that the rest, all of it, is the guest's.
. tests/boot/machine.bash

# sized MEMORY MEBIBYTES OWN-KIB [igvmbuild OPTION...]
sized() {
	local memory=$1 mib=$2 own=$3
	shift 3
	guest_image core 1 "cpus=1 quick ram=$mib" "$@"
	machine 0 60 1 "$memory"
	has serial "^core: $mib MiB of memory, the SVSM has $own KiB"
	has serial '^core: [1-9][0-9]* passed, 0 failed'
	sed -n "s/^\[SVSM\] own memory/$memory: own memory/p" "$work/serial"
}

sized 512M 512 2048
sized 1G 1024 2048
# RAM on both sides of the hole below 4 GiB.
sized 3G 3072 2048
# Larger than it needs to be: all that the guest is told moves along.
sized 1G 1024 32768 --svsm-min 32M
"$bin/igvminfo" "$work/image.igvm" >"$work/info"
has info '^SVSM at 0x8000000: image .*, takes 32 MiB to 66 MiB, up to 1 vCPUs'
# A guest to whom all of it is given.
sized 512M 512 2048 --validate-all

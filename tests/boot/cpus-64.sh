#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 460
# alone
# Sixty-four vCPUs start under the SVSM and call it at the same time; neither 4
# nor 64 take more than 64 KiB each of its memory.
. tests/boot/machine.bash

# KiB that the SVSM uses when it is ready
used() {
	sed -n 's/^.SVSM. own memory .* \([0-9]*\) KiB used.*/\1/p' \
		"$work/serial"
}

# within CPUS: memory of each beyond the first
within() {
	local each=$((($(used) - first + $1 - 2) / ($1 - 1)))
	echo "$1 vCPUs: $each KiB for each"
	[ $each -ge 8 ] && [ $each -le 64 ] || fail "not within 64 KiB"
}

guest_image bench 64 launch-only
machine 0 60 1 512M
first=$(used)
machine 0 60 4 512M
within 4
guest_image many 64 "cpus=64"
began=$SECONDS
machine 0 400 64 1G --threads each # calls that overlap
within 64
has serial 'SVSM. Coir [^ ]* on SEV-SNP: 64 CPUs'
has serial '^many: [1-9][0-9]* passed, 0 failed'
grep -a '^many: .* calls' "$work/serial"
echo "from start to end: $((SECONDS - began)) s"

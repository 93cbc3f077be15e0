#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# alone
# Kernel stacks grow to their limit: in a locked region, without a reserve, on
# 1 CPU and on 4 at once; marks are right, and a CPU stays within 64 KiB.
. tests/boot/machine.bash
svsm=$test_svsm

used() {
	sed -n 's/.*stack test: passed on .* CPUs, \([0-9]*\) KiB.*/\1/p' \
		"$work/serial"
}

for cpus in 1 4; do
	guest_image bench $cpus "launch-only stack=grow cpus=$cpus"
	machine 0 60 $cpus 512M --threads each
	has serial "stack test: passed on $cpus CPUs"
	for ((cpu = 0; cpu < cpus; cpu++)); do
		has serial "CPU $cpu kernel stack grew to 24576 bytes, 2[0-9]* used"
		has serial "CPU $cpu kernel stack: 2[34][0-9]* of 24576 bytes used"
	done
	declare "kib_$cpus=$(used)"
done
per_cpu=$(((kib_4 - kib_1) / 3))
echo "$per_cpu KiB for each CPU with its stack at the limit"
[ $per_cpu -ge 40 ] && [ $per_cpu -le 64 ] || fail "not within 64 KiB"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# The n-th allocation of every call fails, alone or with all that follow, for
# every n: "need n pages" or success, nothing changed, nothing lost. A boot for
# each call and n, since some memory is taken by the first call alone.
. tests/boot/machine.bash
svsm=$test_svsm
calls="validate-4k validate-4k-ignore-cf validate-list validate-2m rescind-4k
rescind-2m create-vcpu-own create-vcpu-last delete-vcpu remap-ca deposit-mem
withdraw-mem"

# field NAME: a number out of the guest's one line about the call
field() {
	sed -n "s/^oom: .*first: $1.*/\\1/p" "$work/serial"
}

# one CALL N: false when the call made fewer than N allocations
one() {
	local call=$1 n=$2 cpus=1 kept
	[ "$call" != create-vcpu-last ] || cpus=2
	guest_image oom "$cpus" "cpus=$cpus call=$call try=$n"
	machine 0 60 "$cpus" 2G
	has serial '^oom: [1-9][0-9]* passed, 0 failed'
	lacks serial panic
	has serial "^oom: $call: first:"
	kept=$(field '.* for pages, \([0-9]*\) kept;')
	[ "$n" = 1 ] || [ "$kept" = "$last" ] ||
		fail "$call: $kept pages kept with n = $n, $last with one less"
	last=$kept
	[ "$(field '\([0-9]*\) failed')" = 1 ]
}

for call in $calls; do
	n=1
	while one "$call" "$n"; do
		n=$((n + 1))
	done
	echo "$call: every n up to $((n - 1));" \
		"$(sed -n "s/^oom: $call: .*then: //p" "$work/serial")"
done

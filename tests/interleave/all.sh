#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# All interleavings of two and three vCPUs' calls, of vCPUs at one service, of
# start-up, with few preemptions; all states of flushes, of start-up, and of a
# service's callers; then the same with faults planted, each of which is found.
BUILD=${BUILD:-build}
for test in calls service start tlb; do
	timeout 200 "$BUILD/interleave/$test" 1 || exit 1
done | grep -a 'interleavings \(of.*\)*with\|CPUs: \|states of' | grep -v orders
[ "${PIPESTATUS[0]}" = 0 ] || exit 1
for mutant in tests/interleave/mutants/*.sed; do
	name=$(basename "$mutant" .sed)
	[ -x "$BUILD/interleave/mutant/$name" ] || { echo "$name: not built"; exit 1; }
	said=$(timeout 60 "$BUILD/interleave/mutant/$name" 1 2>&1)
	status=$?
	[ $status != 0 ] && [ $status != 124 ] ||
		{ echo "$name is not noticed: status $status"; exit 1; }
	why=$(grep -a -m 1 -o ', [0-9] CPUs: .*' <<<"$said" | cut -c 3-)
	echo "$name: ${why:-status $status}"
done

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# All states of two vCPUs that make a call each, for 32 pairs of calls; then four
# planted faults, each of which is found there as well.
BUILD=${BUILD:-build}
timeout 500 "$BUILD/interleave/calls" states >"$BUILD/interleave/calls.said" || {
	tail -n 3 "$BUILD/interleave/calls.said"
	exit 1
}
tail -n 1 "$BUILD/interleave/calls.said"
for fault in 'owned:deposit' 'region:validate, validate' 'lock:delete, delete itself' \
	'registry:delete, delete itself'; do
	name=${fault%%:*}
	# In words: a crash, or no end in time, would prove little.
	why=$(timeout 200 "$BUILD/interleave/mutant/$name" states 2 \
		"${fault#*:}" 2>&1 | grep -a -m 1 -o ', 2 CPUs: [^a].*') || {
		echo "$name is not noticed"
		exit 1
	}
	echo "$name: ${why#, }"
done

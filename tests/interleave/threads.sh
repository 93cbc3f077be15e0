#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# The kernel's lock users in four threads under ThreadSanitizer: no report; and
# one for each lock that is taken away.
BUILD=${BUILD:-build}
export TSAN_OPTIONS=halt_on_error=1:exitcode=66
timeout 60 "$BUILD/tsan/locks" 4000 || exit 1
for mutant in tests/tsan/mutants/*.sed; do
	name=$(basename "$mutant" .sed)
	[ -x "$BUILD/tsan/mutant/$name" ] || { echo "$name: not built"; exit 1; }
	# Two threads have to meet, which they may fail to on a busy computer.
	for try in 1 2 3 4 5 none; do
		[ $try != none ] || { echo "$name is not noticed"; exit 1; }
		said=$(timeout 60 "$BUILD/tsan/mutant/$name" 4000 2>&1)
		status=$?
		[ $status = 0 ] || [ $status = 124 ] || break
	done
	echo "$name: status $status: $(grep -a -m 1 SUMMARY <<<"$said" | cut -c 1-90)"
done

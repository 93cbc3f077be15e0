#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# All states of three vCPUs that make a call each: six triples that have fewer
# than 300,000 each. docs/testing.md has the others' numbers.
BUILD=${BUILD:-build}
sum=0
for triple in 'it runs, delete' 'it calls, delete' 'delete itself, delete' \
	'delete, create again' 'delete, rescind' 'remap to its area, create'; do
	said=$(timeout 300 "$BUILD/interleave/calls" states 3 "delete, $triple") ||
		{ echo "delete, $triple: status $?"; tail -n 3 <<<"$said"; exit 1; }
	states=$(sed -n 's/^calls: \([0-9]*\) states of 3 vCPUs, all of them$/\1/p' \
		<<<"$said")
	[ "${states:-0}" -gt 50000 ] || { echo "delete, $triple: $said"; exit 1; }
	sum=$((sum + states))
done
echo "$sum states of three vCPUs, in six triples of calls, all of them"

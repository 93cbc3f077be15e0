#!/bin/sh
# SPDX-License-Identifier: MIT
# Run fuzzers, one after the other: each over its kept corpus, then for SECONDS
# on new inputs, which stay in the build folder. One line for each, one at the
# end; a crash is made smaller, and how to repeat it is said.
# FUZZ_SEED=N repeats a run; without it, and with 0, each is another one.
# usage: fuzz.sh SECONDS PROGRAM...
set -eu
seconds=$1
shift
mkdir -p "$BUILD/fuzz/log"

stat_of() {
	sed -n "s/^stat::$1: *//p" "$2" | tail -n 1
}

# The last status line of libFuzzer: edges and features that were reached.
reached() {
	sed -n 's/.*cov: \([0-9]*\) ft: \([0-9]*\).*/\1 \2/p' "$1" | tail -n 1
}

counters() {
	sed -n 's/.*Loaded [0-9]* modules *(\([0-9]*\) inline.*/\1/p' "$1"
}

# How a crash is repeated and kept; a smaller one takes its place.
crash_tell() {
	name=$1 program=$2 log=$3
	case=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	grep -m 3 -E 'does not hold|ERROR: |runtime error' "$log" || :
	if [ -z "$case" ]; then
		tail -n 5 "$log"
		return
	fi
	small=$BUILD/fuzz/small-$name
	rm -f "$small"
	case $(basename "$case") in
	"$name"-crash-*)
		timeout 180 "$program" -minimize_crash=1 -max_total_time=60 \
			-timeout=10 -exact_artifact_path="$small" "$case" \
			>>"$log" 2>&1 || :
		# Only what still fails is worth keeping.
		if [ -s "$small" ] &&
		   ! "$program" "$small" >>"$log" 2>&1; then
			case=$small
		fi ;;
	esac
	echo "  case: $case ($(wc -c <"$case") bytes); all of it: $log"
	echo "  repeat: $program $case"
	echo "  keep, once mended: cp $case tests/fuzz/corpus/$name/"
}

one() {
	program=$1
	name=$(basename "$program")
	kept=tests/fuzz/corpus/$name
	new=$BUILD/fuzz/new/$name
	log=$BUILD/fuzz/log/$name.log
	mkdir -p "$new"
	[ -d "$kept" ] || kept=
	status=0
	# shellcheck disable=SC2086  # kept may be nothing
	timeout $((seconds + 120)) "$program" -max_total_time="$seconds" \
		-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-seed="${FUZZ_SEED:-0}" \
		-artifact_prefix="$BUILD/fuzz/$name-" "$new" $kept \
		>"$log" 2>&1 || status=$?
	runs=$(stat_of number_of_executed_units "$log")
	added=$(stat_of new_units_added "$log")
	set -- $(reached "$log")
	printf '%-10s %10s executions, %5s new inputs, %5s of %5s edges, %6s features\n' \
		"$name" "${runs:-0}" "${added:-0}" "${1:-0}" "$(counters "$log")" "${2:-0}"
	all_runs=$((all_runs + ${runs:-0}))
	all_new=$((all_new + ${added:-0}))
	if [ "$status" != 0 ]; then
		faults=$((faults + 1))
		echo "  FAULT in $name, status $status"
		crash_tell "$name" "$program" "$log"
	fi
}

count=$# faults=0 all_runs=0 all_new=0
for f; do
	one "$f"
done
echo "fuzz: $count fuzzers, $all_runs executions, $all_new new inputs, $faults faults"
[ "$faults" = 0 ]

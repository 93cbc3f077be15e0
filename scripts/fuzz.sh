#!/bin/sh
# SPDX-License-Identifier: MIT
# Run fuzzers, FUZZ_JOBS at a time: each over its kept corpus, then for SECONDS
# on new inputs, which stay in the build folder. One line for each, one at the
# end; a crash is made smaller, and how to repeat it is said.
# FUZZ_SEED=N repeats a run; without it, and with 0, each is another one.
# FUZZ_JOBS: as many as there are processors, unless told. FUZZ_SHRINK: seconds
# for making a crash smaller, 60 unless told.
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
		timeout 180 "$program" -minimize_crash=1 -timeout=10 \
			-max_total_time="${FUZZ_SHRINK:-60}" \
			-exact_artifact_path="$small" "$case" \
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
	# One that ends by itself has tried nothing.
	if [ "$status" = 0 ] && [ "${runs:-0}" = 0 ]; then
		status='0, but it tried nothing'
	fi
	set -- $(reached "$log")
	printf '%-10s %10s executions, %5s new inputs, %5s of %5s edges, %6s features\n' \
		"$name" "${runs:-0}" "${added:-0}" "${1:-0}" "$(counters "$log")" "${2:-0}"
	if [ "$status" != 0 ]; then
		echo "  FAULT in $name, status $status"
		crash_tell "$name" "$program" "$log"
		status=1
	fi
	echo "${runs:-0} ${added:-0} $status" >>"$counts"
}

# lane N PROGRAM...: each of the programs whose place is N; what is said of one
# stays together.
lane() {
	mine=$1 place=0
	shift
	for f; do
		place=$(((place + 1) % jobs))
		[ "$place" = "$mine" ] || continue
		one "$f" >"$counts.$mine" 2>&1
		cat "$counts.$mine"
	done
}

jobs=${FUZZ_JOBS:-$(nproc)}
counts=$(mktemp "$BUILD/fuzz/counts.XXXXXX")
trap 'rm -f "$counts" "$counts".*' EXIT
n=0
while [ "$n" -lt "$jobs" ]; do
	lane "$n" "$@" &
	n=$((n + 1))
done
wait
awk -v wanted=$# '
	{ runs += $1; new += $2; faults += $3 }
	END {
		printf "fuzz: %d fuzzers, %d executions, %d new inputs, %d faults\n",
		       NR, runs, new, faults
		if (NR != wanted)
			printf "fuzz: %d did not end in words\n", wanted - NR
		exit faults || NR != wanted
	}' "$counts"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# alone
# The n-th allocation of start-up fails, for every n: the machine ends with one
# line that says what there was no memory for, or the guest runs all the same.
. tests/boot/machine.bash
svsm=$test_svsm
all=$work
trap 'rm -rf -- "$all"' EXIT

# boot N CPUS [OPTION...]: the result in $all/CPUS.N
boot() {
	local n=$1 cpus=$2 status=0
	shift 2
	work=$all/$cpus.$n
	rm -rf -- "$work"
	mkdir "$work"
	guest_image oom "$cpus" "boot-only cpus=$cpus oom=$n" "$@"
	"$bin/coir-vm" "$work/image.igvm" --cpus "$cpus" --memory 512M \
		--timeout 60 --serial "$work/serial" --log "$work/log" \
		</dev/null 2>"$work/said" || status=$?
	echo "$status" >"$work/status"
}

# The first allocation is the page through which the console works: of its
# failure only the reason code tells.
judge() {
	local n=$1 cpus=$2 status lines
	work=$all/$cpus.$n
	status=$(cat "$work/status")
	case $status in
	0)
		has serial '^oom: booted'
		lacks serial panic
		ran=$((ran + 1))
		return ;;
	100) ;;
	*) fail "$cpus CPUs, allocation $n: ended with $status" ;;
	esac
	has log 'set 5 reason 4 (no memory to start with)'
	lines=$(grep -a -c 'SVSM' "$work/serial")
	if [ "$n" -gt 1 ] || [ "$lines" -gt 0 ]; then
		has serial 'SVSM. panic: no memory for [a-zA-Z]'
		[ "$(grep -a -c panic "$work/serial")" = 1 ] ||
			fail "$cpus CPUs, allocation $n: more than one panic"
		[ "$(grep -a . "$work/serial" | tail -n 1 |
			grep -a -c 'panic: no memory for')" = 1 ] ||
			fail "$cpus CPUs, allocation $n: more than a line"
	fi
	ended=$((ended + 1))
	grep -a -o 'panic: no memory.*' "$work/serial" >>"$all/words" || true
}

# every WORDS CPUS [OPTION...]: the test kernel says how many there are
every() {
	local what=$1 cpus=$2 count n
	shift 2
	ran=0 ended=0
	boot 0 "$cpus" "$@"
	judge 0 "$cpus"
	count=$(sed -n 's/.*inject: \([0-9]*\) allocations.*/\1/p' \
		"$work/serial")
	[ "${count:-0}" -gt 5 ] || fail "no count of allocations"
	for n in $(seq 1 "$count"); do
		[ $((n % 2)) = 1 ] || wait
		boot "$n" "$cpus" "$@" &
	done
	wait
	for n in $(seq 1 "$count"); do
		judge "$n" "$cpus"
	done
	[ "$ended" -gt 5 ] || fail "hardly any allocation mattered"
	echo "$what: $count allocations: $ended failures ended the machine" \
		"in words, $((ran - 1)) did not matter"
}

# A guest at VMPL0: nobody counts, so until it runs.
until_it_runs() {
	local n=0
	ran=0 ended=0
	while [ "$ran" = 0 ]; do
		n=$((n + 1))
		[ "$n" -lt 100 ] || fail "VMPL0: no end"
		boot "$n" 1 --vmpl 0
		judge "$n" 1
	done
	[ "$ended" -gt 3 ] || fail "hardly any allocation mattered"
	echo "VMPL0: $((n - 1)) allocations: $ended failures ended the" \
		"machine in words"
}

every "1 CPU" 1
every "2 CPUs" 2
every "1 CPU, all memory validated" 1 --validate-all
until_it_runs
sort "$all/words" | uniq -c

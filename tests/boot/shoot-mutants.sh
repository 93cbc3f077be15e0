#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# Flushes with a fault: each kernel of tests/mutants/tlb/ must be found out within
# seconds, by an old translation that is used, or by a CPU that never comes. shoot-mutants.sh NAME...: those alone.
. tests/boot/shoot.bash

# mutant NAME STATUS SECONDS turns|threads CPUS WORDS
mutant() {
	[ -z "$names" ] || [[ " $names " == *" $1 "* ]] || return 0
	make -s BUILD="$BUILD" "$BUILD/mutant/tlb/$1.elf" ||
		fail "$1 cannot be built"
	test_svsm=$BUILD/mutant/tlb/$1.elf
	echo "$1: $(sed -n '2s/.*c: //p' "tests/mutants/tlb/$1.sed")"
	load "$4" "$2" "$3" "$5" "$6"
	lacks serial ': passed'
	[ "$2" = 124 ] || has serial ': FAILED: .* [1-9][0-9]* stale'
	count=$((count + 1))
}

names=$*
count=0
mutant none 1 30 threads 4 'shoot=100000 rest=1'
mutant back 1 30 turns 4 'shoot=100000 rest=1'
mutant join 1 30 turns 4 'shoot=100000 late=1 rest=1'
mutant wait 1 30 threads 4 shoot=100000
mutant last 1 30 turns 4 shoot=100000
mutant behind 1 30 turns 4 flood=100000
mutant others 124 8 turns 4 shoot=1000
mutant sleep 124 15 threads 2 flood=4000
[ $count -gt 0 ] || fail "no such mutant"
echo "$count kernels with a fault were found out"

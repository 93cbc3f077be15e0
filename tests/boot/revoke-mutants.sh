#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# alone
# Kernels that forget a flush of the guest's translations (tests/mutants/flush/)
# are found out with lazy TLBs. One of them is then run without: it passes, so
# the stricter machine could not tell. revoke-mutants.sh NAME...: those alone.
. tests/boot/revoke.bash

# mutant NAME WAY THREADS WORDS: the machine must tell with these words
mutant() {
	local name=$1 threads=$3
	[ -z "$only" ] || [[ " $only " == *" $name "* ]] || return 0
	make -s BUILD="$BUILD" "$BUILD/mutant/flush/$name.elf" ||
		fail "$name cannot be built"
	svsm=$BUILD/mutant/flush/$name.elf
	revoke 1 4 100 60 "$2"
	has serial "$4"
	echo "$name, $2: $(grep -a -m 1 -e '^FAILED level' -e ' stale$' \
		"$work/serial")"
	count=$((count + 1))
}

only=$*
count=0
stale=' [1-9][0-9]* stale$'
mutant pvalidate rescind '' "$stale"
mutant pvalidate rescind-part '' "$stale"
mutant pvalidate rescind-2m '' "$stale"
mutant deposit deposit '' "$stale"
mutant deposit deposit-2m '' "$stale"
mutant create create 1 '^FAILED level of a save area'
mutant range create '' "$stale"
[ $count -gt 0 ] || fail "no such mutant"
[ -z "$only" ] || exit 0

lazy=()
svsm=$BUILD/mutant/flush/pvalidate.elf
revoke 0 4 20 60 rescind
has serial ' 0 stale$'
echo "pvalidate, on the strict machine: $(grep -a ' stale$' "$work/serial")"

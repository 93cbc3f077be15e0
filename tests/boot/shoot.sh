#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 500
# alone
# Flushes under load: pages are mapped, read by 2, 4 and 8 CPUs, unmapped, flushed
# and poisoned, by NMI on a plain machine and by INVLPGB on SEV-SNP; CPUs that
# rest are not told and catch up; CPUs join while others flush; all flush and send
# signals at once. Without the flush each fails at once. ROUNDS=n: a longer run of
# CPUs that take turns, THREAD_ROUNDS=n of those with threads (docs/native.md).
. tests/boot/shoot.bash

# shoot turns|threads CPUS ROUNDS WORDS: three, or fifty, ms for each round at most
shoot() {
	local each=300
	[ "$1" = turns ] || each=20
	load "$1" 0 $((100 + $3 / each)) "$2" "shoot=$3 $4"
	has serial "shoot: passed: $3 of $3 rounds"
}

shoot turns 2 "${ROUNDS:-20000}"
shoot turns 4 "${ROUNDS:-20000}"
shoot turns 8 "${ROUNDS:-20000}"
shoot turns 8 "${ROUNDS:-20000}" rest=1
shoot threads 2 "${THREAD_ROUNDS:-1000}" rest=1
shoot threads 4 "${THREAD_ROUNDS:-500}" rest=1
shoot threads 8 "${THREAD_ROUNDS:-250}" rest=1
shoot threads 2 100 # nobody rests
shoot threads 4 30

# Six CPUs come while the second one flushes.
for how in turns threads; do
	shoot $how 8 20 'late=1 rest=1'
	has serial ' [1-9][0-9]* before, 6 CPUs came with old translations'
	has serial ': 8 CPUs, '
done

flood() {
	load "$1" 0 $((100 + $3)) "$2" "flood=$3"
	has serial "flood: passed: $2 CPUs, $3 rounds"
}

flood turns 8 2000
flood threads 2 4000
flood threads 4 50

for words in shoot=100000 'shoot=100000 rest=1' 'shoot=100000 late=1 rest=1' \
	flood=100000; do
	for how in turns threads; do
		load $how 1 30 4 "$words blind=1"
		has serial ': FAILED: .* [1-9][0-9]* stale'
	done
done

svsm=$test_svsm
guest_image bench 4 "launch-only shoot=20 cpus=4"
machine 0 200 4 512M
has serial 'shoot: passed: 20 of 20 rounds'
grep -a -o 'shoot: .*' "$work/serial"

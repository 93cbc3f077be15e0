#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 500
# alone
# Flushes under load: pages are mapped, read by 2, 4 and 8 CPUs, unmapped, flushed
# and poisoned, by NMI on a plain machine and by INVLPGB on SEV-SNP; CPUs that
# rest are not told and catch up. Without the flush it fails at once. ROUNDS=n: a
# longer run (docs/native.md).
. tests/boot/native.bash

# shoot CPUS ROUNDS WORDS
shoot() {
	native 0 400 "$1" "shoot=$2 $3"
	has serial "shoot: passed: $2 of $2 rounds"
	grep -a -o 'shoot: .*' "$work/serial"
}

shoot 2 "${ROUNDS:-2000}" rest=1
shoot 4 "${ROUNDS:-1000}" rest=1
shoot 8 "${ROUNDS:-500}" rest=1
shoot 2 100 # nobody rests
shoot 4 30

for words in blind=1 'blind=1 rest=1'; do
	native 1 100 4 "shoot=100000 $words"
	has serial 'shoot: FAILED: .* [1-9][0-9]* stale'
	grep -a -o 'shoot: .*' "$work/serial"
done

svsm=$test_svsm
guest_image bench 4 "launch-only shoot=20 cpus=4"
machine 0 200 4 512M
has serial 'shoot: passed: 20 of 20 rounds'
grep -a -o 'shoot: .*' "$work/serial"

# SPDX-License-Identifier: MIT
# Flushes under load on a plain machine, by the test kernel's shoot=, flood= and
# deaf=. Its CPUs take turns in one thread of QEMU, where a round costs some ten
# microseconds, or each has a thread of its own: there they are truly at it at
# the same time, and wait for the scheduler of the computer.
. tests/boot/native.bash

# load turns|threads STATUS SECONDS CPUS WORDS
load() {
	local how=each
	[ "$1" = threads ] || how=one
	native "$2" "$3" "$4" "$5" --threads $how
	grep -a -o '\(shoot\|flood\): .*' "$work/serial" | sed "s/:/ ($1, $4 CPUs):/"
}

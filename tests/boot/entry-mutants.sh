#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 100
# Entering the SVSM and its guest costs no flush, says bench-gate. Kernels that
# flush more than they must (tests/mutants/entry/) show that it would notice.
set -euo pipefail
BUILD=${BUILD:-build}

# mutant NAME WORDS: figures that are missed
mutant() {
	local elf=$BUILD/mutant/entry/$1.elf said status=0
	make -s BUILD="$BUILD" "$elf"
	said=$(scripts/bench.py --flushes "$elf") || status=$?
	[ $status = 1 ] || { echo "$1: status $status: $said"; exit 1; }
	grep -q "^$2 .* MISSED" <<<"$said" || { echo "$1: $said"; exit 1; }
	echo "$1: $(grep -m 1 MISSED <<<"$said" | tr -s ' ')"
}

mutant all 'flushes in 100 round trips'
mutant cr3 'flushes in 100 round trips'
mutant page 'flushes in 100 round trips'
mutant list 'in a list that validates'
mutant entry 'in one that rescinds'

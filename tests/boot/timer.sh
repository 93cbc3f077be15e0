#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# VMPL0 with ring 3 and a timer of its own, above a VMPL2 that uses the
# processor's: as it comes, repeatably under -icount, and with XSAVE.
. tests/boot/machine.bash
run() {
	guest_image timer 1 "cpus=1 $1" --vmpl 0
	shift
	machine 0 120 1 256M "$@"
	has serial '^timer: [1-9][0-9]* passed, 0 failed'
	grep -a '^timer: ' "$work/serial"
}

run ""
run exact --icount
run "" --option cpu=xsave

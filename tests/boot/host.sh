#!/bin/bash
# SPDX-License-Identifier: MIT
# Everything a guest can ask the host for, right and wrong, at VMPL2 and VMPL0.
. tests/boot/machine.bash
for vmpl in 2 0; do
	guest_image host 2 "cpus=2" --vmpl $vmpl
	machine 0 120 2 512M
	has serial '^host: [1-9][0-9]* passed, 0 failed'
	tail -n 1 "$work/serial"
done

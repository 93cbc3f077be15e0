#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# No byte of the SVSM's memory can be read or written at VMPL2. The machine
# turns each violation into a page fault, so that one guest can try them all.
. tests/boot/machine.bash
guest_image probe 1 "try=all"
machine 0 180 1 512M --option violation=fault
has serial '^probe: [1-9][0-9]* pages of the SVSM tried'
has serial '^probe: [1-9][0-9]* passed, 0 failed'

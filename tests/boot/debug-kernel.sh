#!/bin/bash
# SPDX-License-Identifier: MIT
# The kernel built without optimisation does the same: every CORE call.
. tests/boot/machine.bash
svsm=$BUILD/debug/coir-svsm.elf
guest_image core 1 "cpus=1"
machine 0 200 1 512M
has serial '^core: [1-9][0-9]* passed, 0 failed'
tail -n 1 "$work/serial"

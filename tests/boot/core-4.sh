#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 240
# alone
# Every CORE call at VMPL2, right and wrong, on 4 vCPU(s).
. tests/boot/machine.bash
guest_image core 4 "cpus=4"
machine 0 120 4 512M --threads each
has serial '^core: [1-9][0-9]* passed, 0 failed'
tail -n 1 "$work/serial"

#!/bin/bash
# SPDX-License-Identifier: MIT
# Every CORE call at VMPL2, right and wrong, on 1 vCPU(s).
. tests/boot/machine.bash
guest_image core 1 "cpus=1"
machine 0 120 1 512M
has serial '^core: [1-9][0-9]* passed, 0 failed'
tail -n 1 "$work/serial"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# One forbidden access stops the guest, with the right report.
. tests/boot/machine.bash

# forbidden NAME TEXT-OF-REPORT
forbidden() {
	guest_image probe 1 "try=$1"
	machine 101 60 1 512M
	lacks serial 'still here'
	has serial "^probe: $1"
	has log "$2"
	has log 'VMPL2'
	has log 'RIP 0x'
}

forbidden svsm-read 'read.*0x8000000'
forbidden svsm-write 'write.*0x8001234'
forbidden svsm-jump 'fetch.*0x8000000'
forbidden vmsa-write 'write'
forbidden host-page 'read.*0x10000000'
forbidden shared-alias 'read'
forbidden deposited 'write.*not permitted'

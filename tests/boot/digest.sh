#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# igvmmeasure (libcrypto) and the machine's security processor (lib/sha384)
# give one launch digest, for a test guest and for a Linux image.
. tests/boot/linux.bash

agree() {
	local digest
	digest=$("$bin/igvmmeasure" "$work/image.igvm") || fail "igvmmeasure"
	has log "launch digest $digest"
}

guest_image bench 1 x
machine 0 60 1 512M
agree
linux_files cloud
linux_image "$kernel" "$initrd" 1 "$cmdline"
# Only the launch matters here: a time-out of the guest is expected.
machine 124 6 1 1G
agree

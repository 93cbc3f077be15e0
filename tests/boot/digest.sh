#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# igvmmeasure (libcrypto) and the machine's security processor (lib/sha384)
# give one launch digest, for a test guest and for a Linux image. An ID block
# with another digest, and a policy that the machine does not meet, end it.
. tests/boot/linux.bash

agree() {
	local digest
	digest=$("$bin/igvmmeasure" "$work/image.igvm") || fail "igvmmeasure"
	has log "launch digest $digest"
}

# id_block DIGEST: $work/image.igvm is $work/good.igvm with an ID block
id_block() {
	PYTHONDONTWRITEBYTECODE=1 python3 tests/vectors/idblock.py \
		"$work/good.igvm" "$1" "$work/image.igvm" || fail "idblock.py"
}

guest_image bench 1 x
machine 0 60 1 512M
agree
cp "$work/image.igvm" "$work/good.igvm"
digest=$("$bin/igvmmeasure" "$work/good.igvm") || fail "igvmmeasure"
id_block "$digest"
machine 0 60 1 512M
agree
id_block "$(echo "$digest" | tr 0-9a-f 1-9a-f0)"
machine 2 60 1 512M
has said "offset .*SNP_ID_BLOCK: the launch digest is not"
guest_image bench 1 x --policy 0x3ff00
machine 2 60 1 512M
has said "offset .*GUEST_POLICY: the machine does not meet"
linux_files cloud
linux_image "$kernel" "$initrd" 1 "$cmdline"
# Only the launch matters here: a time-out of the guest is expected.
machine 124 6 1 1G
agree

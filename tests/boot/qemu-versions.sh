#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 500
# alone
# The machine works unchanged on QEMU 10.0 and 11.1 of newer Debians, too:
# the CORE calls on 4 vCPUs, the host's events, and a Linux boot at VMPL2.
. tests/boot/linux.bash
linux_files cloud
for version in 10.0 11.1; do
	qemu=$(scripts/fetch-qemu.sh $version 2>"$work/said" | tail -n 1)
	[ -x "$qemu" ] || fail "no QEMU $version to be had"
	guest_image core 4 "cpus=4"
	machine 0 120 4 512M --qemu "$qemu"
	has serial '^core: [1-9][0-9]* passed, 0 failed'
	guest_image host 2 "cpus=2"
	machine 0 120 2 512M --qemu "$qemu"
	has serial '^host: [1-9][0-9]* passed, 0 failed'
	linux_image "$kernel" "$initrd" 2 "$cmdline coir.disk=$disk_sum"
	linux_again 2 2 --qemu "$qemu"
done

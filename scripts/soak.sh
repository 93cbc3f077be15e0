#!/bin/bash
# SPDX-License-Identifier: MIT
# make soak: the same boot again and again. usage: soak.sh BOOTS VMPL CPUS...
set -u
. tests/boot/linux.bash
boots=$1 vmpl=$2
shift 2
linux_files cloud
failed=0
for cpus in "$@"; do
	linux_image "$kernel" "$initrd" "$cpus" \
		"$cmdline coir.disk=$disk_sum" --vmpl "$vmpl"
	good=0
	for boot in $(seq "$boots"); do
		if (trap - EXIT; linux_again "$vmpl" "$cpus"); then
			good=$((good + 1))
		else
			cp "$work/serial" "$BUILD/soak-$vmpl-$cpus-$boot.serial"
			cp "$work/log" "$BUILD/soak-$vmpl-$cpus-$boot.log"
		fi
	done
	echo "VMPL$vmpl, $cpus vCPU(s): $good of $boots boots"
	[ "$good" = "$boots" ] || failed=1
done
exit $failed

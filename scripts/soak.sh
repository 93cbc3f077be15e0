#!/bin/bash
# SPDX-License-Identifier: MIT
# make soak: the same boot again and again; with FIRMWARE=ovmf through Debian's
# firmware, from power-on. usage: soak.sh BOOTS VMPL CPUS...
set -u
. tests/boot/ovmf.bash
boots=$1 vmpl=$2
shift 2
case "${FIRMWARE:-}" in
"") kind=linux && linux_files cloud ;;
ovmf) kind=ovmf && ovmf_files ;;
*) fail "FIRMWARE: only ovmf" ;;
esac

image() {
	if [ $kind = ovmf ]; then
		ovmf_image "$1" "$vmpl"
	else
		linux_image "$kernel" "$initrd" "$1" \
			"$cmdline coir.disk=$disk_sum" --vmpl "$vmpl"
	fi
}

again() {
	if [ $kind = ovmf ]; then
		ovmf_again "$vmpl" "$1"
	else
		linux_again "$vmpl" "$1"
	fi
}

failed=0
for cpus in "$@"; do
	image "$cpus"
	good=0
	for boot in $(seq "$boots"); do
		if (trap - EXIT; again "$cpus"); then
			good=$((good + 1))
		else
			name=$BUILD/soak-$kind-$vmpl-$cpus-$boot
			cp "$work/serial" "$name.serial"
			cp "$work/log" "$name.log"
		fi
	done
	echo "$kind at VMPL$vmpl, $cpus vCPU(s): $good of $boots boots"
	[ "$good" = "$boots" ] || failed=1
done
exit $failed

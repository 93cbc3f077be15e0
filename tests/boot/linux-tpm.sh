#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 1500
# alone
# The kernel and initramfs of `make run TPM=1`. Under the SVSM Linux's own driver
# finds the vTPM, and tpm2-tools make a client's whole day with it: on one CPU,
# beside three busy ones, and from four at once; no warning that plain QEMU does
# not print. Without the vTPM, or without an SVSM below the kernel, the driver
# finds no TPM and says so.
. tests/boot/linux.bash

linux_files tpm
initrd=$work/initramfs-tpm
scripts/initramfs-tpm.sh "$initrd" --add tests/tpm/session.sh=/session.sh ||
	fail "no initramfs"
quiet="console=ttyS0 quiet panic=-1"
vtpm=(--service "$BUILD/services/vtpm")

# jobs CPUS JOB,JOB...: all their steps pass, on /dev/tpm0 of the SVSM
jobs() {
	linux_image "$kernel" "$initrd" "$1" \
		"$quiet coir.tpm=tpm-svsm coir.auto=$2" "${vtpm[@]}"
	machine 0 900 "$1" 1G
	has serial 'service vtpm: ready after'
	lacks serial 'service vtpm stopped'
	scripts/steps.sh "$work/serial" "$2" || fail "steps failed"
}

cmdline="$quiet coir.auto=try"
linux_plain 1
for cpus in 1 2; do
	linux_image "$kernel" "$initrd" $cpus \
		"$cmdline coir.disk=$disk_sum" "${vtpm[@]}"
	linux_again 2 $cpus
	linux_warnings
done
jobs 1 tpm-try,tpm-session
jobs 4 tpm-many,tpm-load

cmdline="$quiet coir.auto=try,tpm-try"
for vmpl in 2 0; do
	linux_boot $vmpl 1
	has serial "insmod: .*tpm_svsm.ko.: No such device"
	! scripts/steps.sh "$work/serial" tpm-try ||
		fail "a TPM passed where there is none"
done

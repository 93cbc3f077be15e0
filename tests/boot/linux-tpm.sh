#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 1500
# The kernel and initramfs of `make run TPM=1`. Under the SVSM Linux's own driver
# finds the vTPM, and tpm2-tools make a client's whole day with it; no warning that
# plain QEMU does not print. Without the vTPM, or without an SVSM below the kernel,
# the driver finds no TPM and says so.
. tests/boot/linux-tpm.bash

cmdline="$quiet coir.auto=try"
linux_plain 1
for cpus in 1 2; do
	linux_image "$kernel" "$initrd" $cpus \
		"$cmdline coir.disk=$disk_sum" "${vtpm[@]}"
	linux_again 2 $cpus
	linux_warnings
done
jobs 1 tpm-try,tpm-session

cmdline="$quiet coir.auto=try,tpm-try"
for vmpl in 2 0; do
	linux_boot $vmpl 1
	has serial "insmod: .*tpm_svsm.ko.: No such device"
	! scripts/steps.sh "$work/serial" tpm-try ||
		fail "a TPM passed where there is none"
done

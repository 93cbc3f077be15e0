#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# alone
# The kernel and initramfs of `make run TPM=1`: all of `try` passes at VMPL2, with
# no warning that plain QEMU does not print; without an SVSM below the kernel,
# Linux's driver loads, finds no TPM and says so.
. tests/boot/linux.bash

linux_files tpm
initrd=$work/initramfs-tpm
scripts/initramfs-tpm.sh "$initrd" || fail "no initramfs"

cmdline="console=ttyS0 quiet panic=-1 coir.auto=try"
linux_plain 1
for cpus in 1 2; do
	linux_boot 2 $cpus
	linux_warnings
done

cmdline="console=ttyS0 quiet panic=-1 coir.auto=try,tpm-try"
linux_boot 0 1
has serial "insmod: .*tpm_svsm.ko.: No such device"
! scripts/steps.sh "$work/serial" tpm-try ||
	fail "a TPM passed where there is none"

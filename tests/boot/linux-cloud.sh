#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# Debian's cloud kernel at VMPL2 under the SVSM with 1 and 4 vCPUs: a shell,
# all CPUs, a workload, a virtio disk, and no warning that it does not print
# on plain QEMU as well.
. tests/boot/linux.bash
linux_files cloud
for cpus in 1 4; do
	linux_plain $cpus
	linux_boot 2 $cpus
	linux_warnings
done

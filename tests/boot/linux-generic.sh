#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# Debian's generic kernel at VMPL2 with 2 and 8 vCPUs.
. tests/boot/linux.bash
linux_files generic
for cpus in 2 8; do
	linux_boot 2 $cpus
done

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# Debian's OVMF at VMPL2 under the SVSM with 1 and 4 vCPUs boots Debian's
# kernel from a disk: a shell, all CPUs, a workload, and no warning that the
# same firmware and kernel do not print on plain QEMU.
. tests/boot/ovmf.bash
ovmf_files
for cpus in 1 4; do
	ovmf_plain $cpus
	ovmf_boot 2 $cpus
	linux_warnings
done

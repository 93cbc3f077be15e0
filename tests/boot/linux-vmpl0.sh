#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# The same kernel as a plain SNP guest at VMPL0, without an SVSM.
. tests/boot/linux.bash
linux_files cloud
for cpus in 1 4; do
	linux_boot 0 $cpus
done

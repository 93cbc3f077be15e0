#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# alone
# The same firmware alone at VMPL0, as any SEV-SNP guest: 1 and 4 vCPUs. Then
# that of the last Debian release, which knows no IGVM metadata.
. tests/boot/ovmf.bash
ovmf_files
for cpus in 1 4; do
	ovmf_boot 0 $cpus
done
firmware=$(scripts/fetch-ovmf.sh 2025.02 | tail -n 1) || fail "no OVMF 2025.02"
ovmf_boot 0 1

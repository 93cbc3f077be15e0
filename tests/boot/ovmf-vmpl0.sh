#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# The same firmware alone at VMPL0, as any SEV-SNP guest. Then that of the last
# Debian release, which knows no IGVM metadata. With 1 vCPU: of a handful of
# boots with 4, one ended in Linux's "Oops: int3" while it patched its own
# code, without an SVSM in the machine. The cause is not found yet.
. tests/boot/ovmf.bash
ovmf_files
ovmf_boot 0 1
firmware=$(scripts/fetch-ovmf.sh 2025.02 | tail -n 1) || fail "no OVMF 2025.02"
ovmf_boot 0 1

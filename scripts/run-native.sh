#!/bin/bash
# SPDX-License-Identifier: MIT
# make run PLATFORM=native: the SVSM on a plain QEMU, without SEV-SNP and without a
# guest: its own tests on CPUS processors. Exit 0 only if all passed.
set -euo pipefail
bin=$BUILD/bin
work=$BUILD/run
mkdir -p "$work"

"$bin/igvmbuild" --platform native --service "$BUILD/services/probe" \
	--output "$work/services"
status=0
"$bin/coir-vm" --native "$BUILD/test/coir-svsm-test.elf" \
	--services "$work/services" --append "suite=all cpus=${CPUS:-1}" \
	--cpus "${CPUS:-1}" --memory "${MEMORY:-1G}" \
	--timeout "${TIMEOUT:-300}" ${QEMU:+--qemu "$QEMU"} </dev/null || status=$?
printf 'run: the self-tests ended with status %s\n' "$status"
exit "$status"

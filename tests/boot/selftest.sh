#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# alone
# The kernel tests itself on the emulated SEV-SNP machine, with 1, 4 and 16 CPUs,
# before the guest runs; signals between CPUs are the host's alone there.
. tests/boot/native.bash
svsm=$test_svsm

for cpus in 1 4 16; do
	guest_image bench $cpus "launch-only suite=all cpus=$cpus" \
		--service "$BUILD/services/probe"
	machine 0 400 $cpus 512M
	passed SEV-SNP $cpus 1
	has serial 'selftest: signals: skipped'
done

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# alone
# A TPM session by the vTPM protocol at VMPL2, right and wrong; then four vCPUs
# that ask at once, each of which gets its own answers. An image without the
# service has no such protocol.
. tests/boot/machine.bash

for cpus in 1 4; do
	guest_image vtpm $cpus "vcpus=$cpus" --service "$BUILD/services/vtpm"
	machine 0 150 $cpus 512M
	has serial 'service vtpm: ready after'
	has serial '^vtpm: [1-9][0-9]* passed, 0 failed'
	lacks serial 'service vtpm stopped'
	lacks serial panic
	tail -n 1 "$work/serial"
done
# Nobody was starved by the others, and they did meet.
[ "$(grep -c '^vtpm: vCPU [0-3]: [0-9]* times busy' "$work/serial")" = 4 ] ||
	fail "not four vCPUs"
has serial '^vtpm: vCPU [0-3]: [1-9][0-9]* times busy'

guest_image vtpm 1 "none=1"
machine 0 60 1 512M
has serial '^vtpm: [1-9][0-9]* passed, 0 failed'
lacks serial 'service'
tail -n 1 "$work/serial"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# alone
# A service that does everything that it may not: the kernel ends it, says why,
# gives its pages back and starts it again; the guest, the SVSM and the vTPM
# beside it go on. service-probe.sh PART...: those alone.
. tests/boot/services.bash

words=${*:-answers processors traps-1 traps-2 places storm gone}
for word in $words; do
	cpus=1
	[ "$word" != processors ] || cpus=4
	part "$word" $cpus 200
	[ "$word" = gone ] || continue
	has serial 'service probe2: crashed too often, given up'
	# The vTPM crashed, too, and came back as a TPM that has failed.
	has serial 'service vtpm stopped: it ended with status 70'
done

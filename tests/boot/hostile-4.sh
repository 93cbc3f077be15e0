#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# alone
# Four vCPUs of one guest against the SVSM: each field at its limits, then random
# calls on the same pages, lists and vCPUs; record and RMP agree afterwards. Then
# two that run at the same time. CALLS= SEED= LIMIT= (seconds)
. tests/boot/hostile.bash
tpm=(--service "$BUILD/services/vtpm")
hostile 0 4 "${CALLS:-50000}" "${SEED:-1}" "${LIMIT:-250}" "${tpm[@]}"
hostile_passes
[ -z "$CALLS" ] || exit 0
threads=1 # at the same time
hostile 0 2 2000 2 120
hostile_passes

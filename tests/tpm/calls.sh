#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# The service uses no system call but those of docs/services.md, whatever it is
# asked; and without entropy it ends before it says a word.
. tests/tpm/bridge.bash
filter=$BUILD/tpm/filter
service=$BUILD/services/vtpm

# The filter bites: a program that opens a file, and one that starts another.
for bad in "cat /etc/os-release" "env true"; do
	status=0
	(exec "$filter" "$(command -v "${bad%% *}")" ${bad#* }) >/dev/null 2>&1 || status=$?
	[ "$status" = 159 ] || { echo "'$bad' ended with $status, not by SIGSYS"; exit 1; }
done
echo "ok the filter ends programs that do more"

bridge_start --ek "rsa=$work/rsa" -- "$filter" "$service"
EK_MANIFEST=$work/rsa tests/tpm/session.sh >"$work/log" || { cat "$work/log"; exit 1; }
tail -n 1 "$work/log"
bridge_end
[ "$bridge_status" = 0 ]

TPM_FILTER=$filter "$BUILD/tpm/service_test"
TPM_FILTER=$filter "$BUILD/tpm/storm_test" 4000 7

status=0
"$filter" --no-entropy "$service" </dev/null >"$work/out" 2>"$work/log" || status=$?
cat "$work/log"
[ "$status" = 70 ] && grep -qx 'vtpm: no entropy' "$work/log" && [ ! -s "$work/out" ]
echo "ok no entropy, no TPM"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# The session of session.sh on this computer: the service as a process, behind the
# bridge. A second time with another manifest, which must fail in one step.
. tests/tpm/bridge.bash

bridge_start --ek "rsa=$work/rsa" --ek "p256=$work/p256" --ek "p384=$work/p384"
EK_MANIFEST=$work/rsa tests/tpm/session.sh | tee "$work/log"
tail -n 1 "$work/log" | grep -qx '\(..*\) of \1 steps passed'

# The other two keys, as the tools derive them.
for key in ecc256:p256 ecc384:p384; do
	tpm2 createek -Q -c "$work/ek" -G "${key%:*}"
	tpm2 readpublic -Q -c "$work/ek" -f tss -o "$work/area"
	tail -c +3 "$work/area" | cmp - "$work/${key#*:}"
	tpm2 flushcontext -t
	tpm2 flushcontext -l
	echo "ok endorsement key $key is the manifest's"
done
bridge_end
[ "$bridge_status" = 0 ]

bridge_start
if EK_MANIFEST=$work/p256 tests/tpm/session.sh >"$work/log"; then
	echo "a wrong manifest was taken for the right one"
	exit 1
fi
grep '^FAILED' "$work/log"
[ "$(grep -c '^FAILED' "$work/log")" = 1 ]
grep -q '^FAILED .* it is the one of the manifest' "$work/log"
echo "ok a wrong manifest is noticed, and nothing else"

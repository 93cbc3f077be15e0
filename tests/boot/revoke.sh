#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# alone
# Three vCPUs use a page all the time while a fourth takes it from the guest, by
# every call that can, with lazy TLBs: none gets at it after the call. First many
# rounds in one thread of QEMU, then some at the same time. ROUNDS=n: more.
. tests/boot/revoke.bash

ways=6
for threads in '' 1; do
	revoke 0 4 "$([ -n "$threads" ] && echo 40 || echo "${ROUNDS:-1000}")" \
		"${LIMIT:-90}"
	has serial '^revoke: [1-9][0-9]* passed, 0 failed'
	[ "$(grep -a -c '^revoke: .* [1-9][0-9]* faults, 0 stale' \
		"$work/serial")" = $ways ] || fail "not $ways ways"
	echo "${threads:+at the same time:}"
	grep -a '^revoke: .* stale' "$work/serial"
done

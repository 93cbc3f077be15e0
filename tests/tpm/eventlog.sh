#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# part of: tests/boot/ovmf-tpm.sh; it runs in a guest
# In a guest that firmware has started: replay firmware's event log, and compare
# with what the TPM holds. An event that is forged, missing or not measured shows
# here. The word coir.initrd=SHA256 on the kernel's command line is what the
# host put on the disk, and must be among what was measured. The last line is
# `N of N steps passed`.

STEPS="log replay forged initrd"
log=/sys/kernel/security/tpm0/binary_bios_measurements
passed=0
count=0

# compare LOG: every PCR that the log has events for, and 0 to 7 in any case
compare() {
	tpm2_eventlog "$1" >/tmp/events || return 1
	sed '1,/^pcrs:/d' /tmp/events | sed -n '/^  sha256:/,/^  sha[^2]/p' |
		sed -n 's/^ *\([0-9]*\) *: 0x/\1 /p' >/tmp/replayed
	differ=0
	for pcr in $( (seq 0 7; cut -d' ' -f1 /tmp/replayed) | sort -nu); do
		want=$(sed -n "s/^$pcr //p" /tmp/replayed)
		held=$(tpm2_pcrread "sha256:$pcr" | sed -n 's/.*: 0x//p' |
			tr A-F a-f)
		if [ -n "$held" ] && [ "$held" = "$want" ]; then
			echo "PCR $pcr: $held"
		else
			echo "PCR $pcr: $held, by the log ${want:-nothing}"
			differ=$((differ + 1))
		fi
	done
	[ $differ = 0 ]
}

# Read once: all steps judge the same bytes.
step_log() {
	cat $log >/tmp/log || return 1
	tpm2_eventlog /tmp/log >/tmp/events || return 1
	echo "$(wc -c </tmp/log) bytes, $(grep -c EventNum /tmp/events) events"
	sed -n 's/^ *EventType: //p' /tmp/events | sort | uniq -c
	[ -s /tmp/log ]
}

step_replay() {
	compare /tmp/log
}

# The same log with the last event's digest changed must not pass.
step_forged() {
	digest=$(grep -A1 'AlgorithmId: sha256' /tmp/events |
		sed -n 's/.*Digest: "\(.*\)"/\1/p' | tail -n 1)
	[ ${#digest} = 64 ] || return 1
	xxd -p /tmp/log | tr -d '\n' | sed "s/$digest/f0${digest#??}/" |
		xxd -r -p >/tmp/forged
	if cmp -s /tmp/log /tmp/forged || compare /tmp/forged >/tmp/said; then
		return 1
	fi
	echo "noticed: $(grep 'by the log' /tmp/said)"
	[ "$(grep -c 'by the log' /tmp/said)" = 1 ]
}

# Linux's EFI stub measures the initrd that it was given.
step_initrd() {
	want=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^coir.initrd=//p')
	if [ -z "$want" ]; then
		echo "the host did not say which"
		return
	fi
	tpm2_eventlog /tmp/log | grep -B 12 "Digest: \"$want\"" |
		grep -e PCRIndex -e "$want"
}

for step in $STEPS; do
	count=$((count + 1))
	echo "== $step"
	if "step_$step"; then
		echo "coir: ok $step"
		passed=$((passed + 1))
	else
		echo "coir: FAILED $step"
	fi
done
echo "$passed of $count steps passed"
[ $passed = $count ]

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# alone
# The native platform with QEMU 10.0 and 11.1, whose processors have an x2APIC:
# by its registers, and by the page of the xAPIC.
. tests/boot/native.bash

for version in 10.0 11.1; do
	qemu=$(scripts/fetch-qemu.sh $version 2>"$work/said" | tail -n 1)
	[ -x "$qemu" ] || fail "no QEMU $version to be had"
	for cpu in max max,-x2apic; do
		native 0 150 4 suite=all --qemu "$qemu" -- -cpu $cpu
		passed "an ordinary machine" 4 0
	done
done

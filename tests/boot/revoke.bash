# SPDX-License-Identifier: MIT
# Boots of tests/guest/revoke on the machine with lazy TLBs. `threads=1`: vCPUs
# run at the same time; else they take turns in one thread of QEMU.
# `lazy=()`: the strict machine.
. tests/boot/hostile.bash
lazy=(--option tlb=lazy)

# revoke STATUS CPUS ROUNDS SECONDS [WAY]
revoke() {
	local how=(--option violation=fault "${lazy[@]}")
	[ -z "$threads" ] || how+=(--threads each)
	guest_image revoke "$2" \
		"cpus=$2 rounds=$3 ${threads:+threads} ${5:+way=$5}"
	machine "$1" "$4" "$2" 512M "${how[@]}"
}

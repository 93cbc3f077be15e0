# SPDX-License-Identifier: MIT
# Boots of tests/guest/hostile with the test kernel. The vCPUs take turns in one
# thread of QEMU; `threads=1` gives each its own.
. tests/boot/machine.bash
svsm=$test_svsm

# hostile STATUS CPUS CALLS SEED SECONDS [OPTION...]
hostile() {
	local status=$1 cpus=$2 calls=$3 seed=$4 seconds=$5
	shift 5
	guest_image hostile "$cpus" \
		"cpus=$cpus calls=$calls seed=$seed ${threads:+threads}" "$@"
	machine "$status" "$seconds" "$cpus" 512M --option violation=fault \
		${threads:+--threads each}
}

# hostile_passes: the last one did
hostile_passes() {
	lacks serial panic
	lacks serial strange
	has serial '^hostile: [1-9][0-9]* passed, 0 failed'
	grep -a '^hostile: .* deleted\|^hostile: .* passed' "$work/serial" |
		tail -n 2
}

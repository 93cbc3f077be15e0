# SPDX-License-Identifier: MIT
# Boots of tests/guest/hostile with the test kernel. All vCPUs run in one thread
# of QEMU: with more threads than processors most time goes by in waiting for
# one that is asleep. `threads=1` lets each have its own.
. tests/boot/machine.bash
svsm=$test_svsm

one_thread() {
	cat >"$work/qemu" <<-'EOF'
		#!/bin/bash
		words=()
		for word; do
			[ "$word" != tcg ] || word=tcg,thread=single
			words+=("$word")
		done
		exec "${QEMU:-qemu-system-x86_64}" "${words[@]}"
	EOF
	chmod +x "$work/qemu"
}

# hostile STATUS CPUS CALLS SEED SECONDS [OPTION...]
hostile() {
	local status=$1 cpus=$2 calls=$3 seed=$4 seconds=$5
	shift 5
	one_thread
	guest_image hostile "$cpus" \
		"cpus=$cpus calls=$calls seed=$seed ${threads:+threads}" "$@"
	[ -n "$threads" ] || set -- --qemu "$work/qemu"
	[ -z "$threads" ] || set --
	machine "$status" "$seconds" "$cpus" 512M --option violation=fault "$@"
}

# hostile_passes: the last one did
hostile_passes() {
	lacks serial panic
	lacks serial strange
	has serial '^hostile: [1-9][0-9]* passed, 0 failed'
	grep -a '^hostile: .* deleted\|^hostile: .* passed' "$work/serial" |
		tail -n 2
}

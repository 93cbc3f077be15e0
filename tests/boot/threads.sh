#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 100
# One thread of QEMU for the vCPUs of the emulated machine, one for each vCPU of a
# plain one, unless asked otherwise; what cannot be is refused.
. tests/boot/machine.bash
guest_image bench 2 launch-only

# told WANTED [coir-vm ARGUMENT...]: what QEMU is told
told() {
	local wanted=$1
	shift
	"$bin/coir-vm" "$@" --cpus 2 --memory 512M --verbose --timeout 2 \
		--serial "$work/serial" </dev/null >"$work/said" 2>&1 || true
	has said "tcg,thread=$wanted"
}

# refused WORDS [coir-vm ARGUMENT...]
refused() {
	local words=$1 status=0
	shift
	"$bin/coir-vm" "$@" </dev/null >"$work/said" 2>&1 || status=$?
	[ $status = 125 ] || fail "$*: $status"
	has said "$words"
}

image=$work/image.igvm
told single "$image"
told single "$image" --icount
told single "$image" --threads one
told multi "$image" --threads each
native=(--native "$svsm" --append 'suite=none')
told multi "${native[@]}"
told single "${native[@]}" --threads one
told single "${native[@]}" --icount
refused 'must be one or each' "$image" --threads two
refused 'only with --threads one' "$image" --threads each --icount
echo "7 commands, 2 refused"

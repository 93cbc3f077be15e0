#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that lies by fw_cfg, which nothing measures: RAM that covers the SVSM,
# more RAM, more processors, a window for devices over the SVSM. The firmware
# takes memory and processors from the SVSM, so the same Linux comes up, with
# the same memory; and the SVSM refuses more processors than the image allows.
. tests/boot/ovmf.bash
ovmf_files

# boot NAME [coir-vm ARGUMENT...]: $kib is the memory that Linux has
boot() {
	machine 0 300 2 1G "${@:2}"
	has serial 'coir: ok memory'
	has serial 'coir: try finished, 0 failed'
	has serial 'processors: 2, online 0-1 of present 0-1'
	kib=$(sed -n 's/^node 0:.*, \([0-9]*\) kB.*/\1/p' "$work/serial")
	echo "$1: $kib KiB"
}

# same NAME [coir-vm ARGUMENT...]: as without the lie, give or take buffers
same() {
	boot "$@"
	[ "$((truth - kib))" -lt 1024 ] && [ "$((kib - truth))" -lt 1024 ] ||
		fail "$1 changes what Linux takes for memory"
}

disk=(-- -drive "file=$disk_image,if=virtio,format=raw,readonly=on")
ovmf_image 2 2
boot truth "${disk[@]}"
truth=$kib
for lie in e820 size cpus; do
	same "fwcfg=$lie" --option "fwcfg=$lie" "${disk[@]}"
done
printf '\0\0\0\010\0\0\0\0' >"$work/end" # 0x8000000
same reserved-memory-end "${disk[@]}" \
	-fw_cfg "name=etc/reserved-memory-end,file=$work/end"
machine 100 60 3 1G "${disk[@]}"
has serial "^\[SVSM\] refused: host's MADT: more CPUs than the image allows: 2"
# The lie is one: without an SVSM the same firmware believes it, and ends.
ovmf_image 2 0
machine 100 120 2 1G --option fwcfg=e820 "${disk[@]}"

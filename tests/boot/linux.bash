# SPDX-License-Identifier: MIT
# Boots of Debian's own kernels, and what must be true of each.
. tests/boot/machine.bash

cmdline="console=ttyS0 quiet coir.auto"

# linux_files FLAVOUR: $kernel, $initrd and a disk of known content
linux_files() {
	kernel=$(scripts/fetch-kernel.sh "$1" | tail -n 1) ||
		fail "no $1 kernel"
	initrd=$work/initramfs.gz
	scripts/initramfs.sh "$initrd" "$kernel" >/dev/null ||
		fail "no initramfs"
	disk=$work/disk
	seq 1 700000 | head -c 4194304 >"$disk"
	disk_sum=$(sha256sum <"$disk" | cut -d' ' -f1)
}

# kernel_warnings FILE: sorted, without what differs from boot to boot
kernel_warnings() {
	sed -n 's/\r$//; s/^kernel warning: //p' "$1" | sort -u
}

# linux_plain CPUS: the same kernel on plain QEMU, for its warnings
linux_plain() {
	timeout 240 "${QEMU:-qemu-system-x86_64}" -accel tcg,thread=single \
		-cpu max,-cx16 \
		-machine q35 -m 1G -smp "$1" -nodefaults -display none \
		-serial stdio -no-reboot -kernel "$kernel" -initrd "$initrd" \
		-append "$cmdline coir.plain" </dev/null >"$work/plain" 2>&1 ||
		fail "plain QEMU did not boot"
	kernel_warnings "$work/plain" >"$work/plain.warnings"
}

# linux_boot VMPL CPUS: builds the image, boots it, judges it
linux_boot() {
	linux_image "$kernel" "$initrd" "$2" "$cmdline coir.disk=$disk_sum" \
		--vmpl "$1"
	linux_again "$1" "$2"
}

# linux_again VMPL CPUS [coir-vm ARGUMENT...]: boots the image that is there
linux_again() {
	machine 0 300 "$2" 1G "${@:3}" -- -drive \
		"file=$disk,if=virtio,format=raw,readonly=on"
	has serial 'Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP'
	has serial "SNP running at VMPL$1"
	has serial "processors: $2, online"
	has serial 'coir: try finished, 0 failed'
}

# linux_warnings: none that plain QEMU does not print (after linux_plain)
linux_warnings() {
	kernel_warnings "$work/serial" >"$work/warnings"
	comm -13 "$work/plain.warnings" "$work/warnings" |
		grep -v -f <(grep -v "^#" tests/boot/expected-warnings) >"$work/new" || true
	[ ! -s "$work/new" ] ||
		fail "warnings that plain QEMU does not print: $(cat "$work/new")"
}

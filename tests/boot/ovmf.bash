# SPDX-License-Identifier: MIT
# Boots of Debian's own firmware, which boots Debian's kernel from a disk.
. tests/boot/linux.bash

# ovmf_files: $firmware, and disks for both machines
ovmf_files() {
	linux_files cloud
	firmware=$(scripts/fetch-ovmf.sh new | tail -n 1) || fail "no OVMF"
	disk_image=$work/boot.img
	scripts/disk.sh "$disk_image" "$kernel" "$initrd" "$cmdline" ||
		fail "no disk"
}

# plain_boot CPUS: the same firmware and kernel on plain QEMU
plain_boot() {
	scripts/disk.sh "$work/plain.img" "$kernel" "$initrd" \
		"$cmdline coir.plain" || fail "no disk"
	timeout 180 "${QEMU:-qemu-system-x86_64}" -accel tcg,thread=single \
		-cpu max,-cx16 \
		-machine q35 -m 1G -smp "$1" -nodefaults -display none \
		-serial stdio -no-reboot -bios "$firmware" \
		-drive "file=$work/plain.img,if=virtio,format=raw,readonly=on" \
		</dev/null >"$work/plain" 2>&1 &&
		grep -a -q 'coir: try finished, 0 failed' "$work/plain"
}

# ovmf_plain CPUS: its warnings. Of this control alone a boot may be repeated:
# with 4 CPUs QEMU 7.2 has hung, with nothing of ours in the machine.
ovmf_plain() {
	local try

	for try in 1 2 3; do
		plain_boot "$1" && break
		echo "plain QEMU, $1 CPUs: boot $try did not end well"
		[ "$try" -lt 3 ] || fail "plain QEMU did not boot"
	done
	kernel_warnings "$work/plain" >"$work/plain.warnings"
}

# ovmf_image CPUS VMPL [OPTION...]
ovmf_image() {
	local who=(--vmpl "$2")
	[ "$2" = 0 ] || who+=(--svsm "$bin/coir-svsm.elf")
	"$bin/igvmbuild" "${who[@]}" --firmware "$firmware" --cpus "$1" \
		"${@:3}" --output "$work/image.igvm" || fail "igvmbuild failed"
}

# ovmf_boot VMPL CPUS [MEMORY]: builds the image, boots it, judges it
ovmf_boot() {
	ovmf_image "$2" "$1"
	ovmf_again "$@"
}

# ovmf_again VMPL CPUS [MEMORY]: from power-on to Linux's last command
ovmf_again() {
	machine 0 300 "$2" "${3:-1G}" -- -drive \
		"file=$disk_image,if=virtio,format=raw,readonly=on"
	has serial 'Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP'
	has serial "SNP running at VMPL$1"
	has serial "processors: $2, online"
	has serial 'efi: EFI v'
	has serial 'coir: ok efi'
	has serial 'coir: ok memory'
	has serial 'coir: try finished, 0 failed'
}

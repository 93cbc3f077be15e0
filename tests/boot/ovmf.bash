# SPDX-License-Identifier: MIT
# Boots of Debian's own firmware, which boots Debian's kernel from a disk.
. tests/boot/linux.bash

# ovmf_files: $firmware, and disks for both machines
ovmf_files() {
	linux_files cloud
	firmware=$(scripts/fetch-ovmf.sh new | tail -n 1) || fail "no OVMF"
	boot=$work/boot.img
	scripts/disk.sh "$boot" "$kernel" "$initrd" "$cmdline" ||
		fail "no disk"
}

# ovmf_plain CPUS: the same firmware and kernel on plain QEMU, for its warnings
ovmf_plain() {
	scripts/disk.sh "$work/plain.img" "$kernel" "$initrd" \
		"$cmdline coir.plain" || fail "no disk"
	timeout 240 "${QEMU:-qemu-system-x86_64}" -accel tcg -cpu max,-cx16 \
		-machine q35 -m 1G -smp "$1" -nodefaults -display none \
		-serial stdio -no-reboot -bios "$firmware" \
		-drive "file=$work/plain.img,if=virtio,format=raw,readonly=on" \
		</dev/null >"$work/plain" 2>&1 || fail "plain QEMU did not boot"
	grep -a -q 'coir: try finished, 0 failed' "$work/plain" ||
		fail "the guest failed on plain QEMU"
	kernel_warnings "$work/plain" >"$work/plain.warnings"
}

# ovmf_image CPUS VMPL
ovmf_image() {
	local who=(--vmpl "$2")
	[ "$2" = 0 ] || who+=(--svsm "$bin/coir-svsm.elf")
	"$bin/igvmbuild" "${who[@]}" --firmware "$firmware" --cpus "$1" \
		--output "$work/image.igvm" || fail "igvmbuild failed"
}

# ovmf_boot VMPL CPUS [MEMORY]: from power-on to Linux's last command
ovmf_boot() {
	ovmf_image "$2" "$1"
	machine 0 300 "$2" "${3:-1G}" -- -drive \
		"file=$boot,if=virtio,format=raw,readonly=on"
	has serial 'Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP'
	has serial "SNP running at VMPL$1"
	has serial "processors: $2, online"
	has serial 'efi: EFI v'
	has serial 'coir: ok efi'
	has serial 'coir: ok memory'
	has serial 'coir: try finished, 0 failed'
}

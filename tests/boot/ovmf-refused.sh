#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# Firmware that an SVSM cannot serve is refused when the image is built, or by
# the SVSM before it runs, each time in words.
. tests/boot/ovmf.bash
ovmf_files

# refused WORDS FILE
refused() {
	! "$bin/igvmbuild" --svsm "$bin/coir-svsm.elf" --firmware "$2" \
		--output "$work/image.igvm" 2>"$work/said" ||
		fail "igvmbuild took $2"
	has said "$1"
}

old=$(scripts/fetch-ovmf.sh 2025.02 | tail -n 1) || fail "no OVMF 2025.02"
refused 'has no place for a memory map' "$old"
older=$(scripts/fetch-deb.sh bookworm ovmf | tail -n 1) || fail "no OVMF 2022.11"
refused 'it knows of no SVSM' "$older/usr/share/ovmf/OVMF.fd"
refused 'not for SEV-SNP' "$older/usr/share/OVMF/OVMF_CODE_4M.fd"
head -c 4194304 /dev/zero >"$work/zeroes"
refused 'no table of GUIDs' "$work/zeroes"
head -c 4194303 "$firmware" >"$work/cut"
refused 'its size is not one' "$work/cut"

# lie MAP WORDS: what the SVSM says to a host whose memory map is untrue
lie() {
	machine 100 60 1 1G --option "map=$1"
	has serial "$2"
	lacks log 'first instruction of VMPL2'
}

ovmf_image 1 2
lie ram@0xffffe000 'covers the firmware'
lie hole@0xffffe000 'covers the firmware'
lie hole@0x80f000 'memory at 0x80f000 is not RAM'
lie hole@0x1000000 'firmware needs 64 MiB of RAM from address 0 on'

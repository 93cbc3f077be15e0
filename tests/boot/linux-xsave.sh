#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# Linux with XSAVE, AVX and the XSAVEC that the emulator carries out itself.
. tests/boot/linux.bash
linux_files cloud
linux_image "$kernel" "$initrd" 2 "$cmdline coir.disk=$disk_sum"
machine 0 300 2 1G --option cpu=xsave -- -drive \
	"file=$disk,if=virtio,format=raw,readonly=on"
has serial "SNP running at VMPL2"
has serial 'coir: try finished, 0 failed'
tail -n 2 "$work/serial" | head -n 1

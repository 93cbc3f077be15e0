#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# A machine with PCIDs. Debian's kernel, which keeps translations by them, is the
# witness that they are right; the SVSM's services run with one of their own. The
# emulator says of each level whether it has asked to keep any.
. tests/boot/linux.bash

keeps="emu: vCPU [01] at VMPL"

guest_image vtpm 1 "vcpus=1" --service "$BUILD/services/vtpm"
machine 0 150 1 512M --option cpu=pcid
has serial '^vtpm: [1-9][0-9]* passed, 0 failed'
has log "${keeps}0 keeps translations of a PCID"
echo "the SVSM: $(tail -n 1 "$work/serial")"

machine 0 150 1 512M
has serial '^vtpm: [1-9][0-9]* passed, 0 failed'
lacks log "keeps translations of a PCID"
echo "without: $(tail -n 1 "$work/serial")"

linux_files cloud
linux_image "$kernel" "$initrd" 2 "$cmdline coir.disk=$disk_sum"
linux_again 2 2 --option cpu=pcid
has log "${keeps}2 keeps translations of a PCID"
grep -a 'keeps translations' "$work/log"
echo "Linux: $(tail -n 2 "$work/serial" | head -n 1)"

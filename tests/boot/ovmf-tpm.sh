#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# Measured boot: Debian's OVMF finds the vTPM by itself and measures what it does
# and loads; Linux behind it replays the log and finds the TPM's PCRs, the digest
# of its initrd among what was measured, and a forged event noticed. What
# tests/boot/tpm-clients.sh shows of the same on plain QEMU with swtpm.
. tests/boot/ovmf.bash

kernel=$(scripts/fetch-kernel.sh tpm) || fail "no kernel"
firmware=$(scripts/fetch-ovmf.sh new) || fail "no OVMF"
initrd=$work/initramfs
scripts/initramfs-tpm.sh "$initrd" --add tests/tpm/eventlog.sh=/eventlog.sh ||
	fail "no initramfs"
words="coir.tpm=tpm-svsm"
words+=" coir.initrd=$(sha256sum <"$initrd" | cut -d' ' -f1)"
scripts/disk.sh "$work/disk" "$kernel" "$initrd" \
	"console=ttyS0 quiet panic=-1 coir.auto=tpm-try,/eventlog.sh $words" ||
	fail "no disk"
# tpm-try finds the driver of an SVSM's TPM, so this is VMPL2.
for cpus in 1 4; do
	ovmf_image $cpus 2 --service "$BUILD/services/vtpm"
	machine 0 300 $cpus 1G -- -drive \
		"file=$work/disk,if=virtio,format=raw,readonly=on"
	scripts/steps.sh "$work/serial" tpm-try,/eventlog.sh ||
		fail "steps failed"
	sed -n 's/\r$//; /^PCR /p' "$work/serial"
done

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# The TPM's users on trial, with nothing of ours below them: plain QEMU, a TPM
# from Debian's swtpm, OVMF, the kernel of `make run TPM=1`, its tpm2-tools. What
# fails under the SVSM and passes here is the SVSM's fault.
. tests/boot/ovmf.bash

kernel=$(scripts/fetch-kernel.sh tpm) || fail "no kernel"
firmware=$(scripts/fetch-ovmf.sh new) || fail "no OVMF"

# What the note says to try, as a job: each command must succeed. /eventlog.sh
# is among them.
{
	printf '#!/bin/busybox sh\ncd /root\n'
	sed -n 's/^    \([a-z].*\)/\1/p' guest/tpm/note |
		sed 's/   .*//; s/$/ || exit 1/'
	echo "echo 1 of 1 steps passed"
} >"$work/note.sh"
chmod +x "$work/note.sh"

initrd=$work/initramfs
scripts/initramfs-tpm.sh "$initrd" --add "$work/note.sh=/note.sh" \
	--add tests/tpm/eventlog.sh=/eventlog.sh || fail "no initramfs"
words="coir.plain coir.tpm=MSFT0101:00"
words+=" coir.initrd=$(sha256sum <"$initrd" | cut -d' ' -f1)"

# tpm_start: a TPM of nobody's, on a socket, gone when QEMU leaves it
tpm_start() {
	local waited=0

	rm -rf -- "$work/tpm"
	mkdir "$work/tpm"
	swtpm socket --tpm2 --terminate --tpmstate "dir=$work/tpm" \
		--ctrl "type=unixio,path=$work/tpm/socket" >"$work/log" 2>&1 &
	until [ -S "$work/tpm/socket" ]; do
		waited=$((waited + 1))
		[ $waited -lt 100 ] || fail "swtpm does not start"
		sleep 0.1
	done
}

# tpm_boot JOBS: one CPU, since QEMU 7.2 with more of them lets a CPU run code
# that another one has already patched, which ends in "Oops: int3"
tpm_boot() {
	tpm_start
	scripts/disk.sh "$work/disk" "$kernel" "$initrd" \
		"console=ttyS0 quiet panic=-1 coir.auto=$1 $words" ||
		fail "no disk"
	timeout 120 "${QEMU:-qemu-system-x86_64}" -accel tcg -cpu max,-cx16 \
		-machine q35 -m 1G -nodefaults -display none \
		-serial stdio -no-reboot -bios "$firmware" \
		-drive "file=$work/disk,if=virtio,format=raw,readonly=on" \
		-chardev "socket,id=tpm,path=$work/tpm/socket" \
		-tpmdev emulator,id=tpm,chardev=tpm -device tpm-crb,tpmdev=tpm \
		</dev/null >"$work/serial" 2>&1 ||
		fail "plain QEMU did not boot"
}

tpm_boot tpm-try,/note.sh
scripts/steps.sh "$work/serial" tpm-try,/eventlog.sh,/note.sh ||
	fail "steps failed"

# The judges on trial: another TPM than the one expected, another initrd.
words="coir.plain coir.tpm=tpm-svsm coir.initrd=$(printf 'f%.0s' {1..64})"
tpm_boot tpm-try,/eventlog.sh
has serial 'coir: FAILED device'
has serial 'coir: FAILED initrd'
! scripts/steps.sh "$work/serial" tpm-try,/eventlog.sh ||
	fail "a TPM that is not the SVSM's was taken for it"

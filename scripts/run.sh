#!/bin/bash
# SPDX-License-Identifier: MIT
# make run: build the launch image of a stock Linux, measure it and boot it;
# with FIRMWARE=ovmf the image holds Debian's OVMF, which boots it from a disk.
# Variables come from the Makefile. Without a terminal on standard input the
# guest tries the commands of its note by itself; exit 0 only if all went well.
# With TPM=1 it has tpm2-tools, and Linux's driver for the TPM of an SVSM.
set -euo pipefail
here=$(dirname "$0")
bin=$BUILD/bin
work=$BUILD/run
mkdir -p "$work"

say() { printf 'run: %s\n' "$*"; }

auto=0
[ -t 0 ] || auto=1
judge=1 # the guest is ours: its last words tell how it went

case "${FIRMWARE:-}" in
"") ;;
ovmf) firmware=$("$here/fetch-ovmf.sh" new) ;;
ovmf-2025.02) firmware=$("$here/fetch-ovmf.sh" 2025.02) ;;
*) firmware=$FIRMWARE ;;
esac

stock_files() {
	case "${KERNEL:-cloud}" in
	cloud | generic)
		say "kernel: stock Debian (${KERNEL:-cloud}), from the cache or the archive"
		kernel=$("$here/fetch-kernel.sh" "${KERNEL:-cloud}")
		;;
	*) kernel=$KERNEL ;;
	esac
	if [ -n "${INITRD:-}" ]; then
		initrd=$INITRD
		judge=0
	else
		initrd=$work/initramfs.gz
		"$here/initramfs.sh" "$initrd" "$kernel"
	fi
}

# What the guest runs by itself instead of `try`, separated by commas; each ends
# with the line `N of N steps passed`.
jobs=
words=
services=()
[ "${TPM:-0}" = 0 ] || services=(--service "$BUILD/services/vtpm")
tpm_files() {
	local adds=(--add tests/tpm/eventlog.sh=/eventlog.sh)
	if [ -n "${KERNEL:-}${INITRD:-}" ]; then
		say "TPM=1 brings its own kernel and initramfs"
		exit 2
	fi
	say "kernel: stock Debian, and Linux's driver for the TPM of an SVSM"
	kernel=$("$here/fetch-kernel.sh" tpm)
	jobs=tpm-try
	if [ -f tests/tpm/session.sh ]; then
		adds+=(--add tests/tpm/session.sh=/session.sh)
		jobs+=,tpm-session
	fi
	# The log is the firmware's: without one there is none.
	[ -z "${firmware:-}" ] || jobs+=,/eventlog.sh
	initrd=$work/initramfs-tpm
	"$here/initramfs-tpm.sh" "$initrd" "${adds[@]}"
	words=" coir.tpm=tpm-svsm"
	words+=" coir.initrd=$(sha256sum <"$initrd" | cut -d' ' -f1)"
}

linux_files() {
	if [ "${TPM:-0}" = 0 ]; then stock_files; else tpm_files; fi
	say "kernel: $kernel"
	say "initrd: $initrd ($(stat -Lc %s "$initrd") bytes)"
	cmdline=${CMDLINE:-console=ttyS0 quiet}$words
	[ $auto = 0 ] || cmdline="$cmdline coir.auto${jobs:+=$jobs}"
}

# The kernel is part of the image, and measured.
direct_image() {
	linux_files
	if [ "${DISK:-}" != none ]; then
		disk=${DISK:-$work/disk.img}
		if [ -z "${DISK:-}" ]; then
			# Known content: the guest compares what it reads.
			seq 1 700000 >"$disk"
			truncate -s 4M "$disk"
			cmdline="$cmdline coir.disk=$(sha256sum <"$disk" | cut -d' ' -f1)"
		fi
		qemu_args=(-- -drive "file=$disk,if=virtio,format=raw,readonly=on")
	fi
	image=$work/linux.igvm
	guest=(--kernel "$kernel" --initrd "$initrd" --cmdline "$cmdline"
		--svsm "$bin/coir-svsm.elf" ${services[@]+"${services[@]}"})
	who="Linux at VMPL2 under the SVSM"
	if [ "${SVSM:-1}" = 0 ]; then
		guest+=(--vmpl 0)
		who="Linux at VMPL0: the SVSM prepares it and steps aside"
	fi
}

# The firmware is measured; the disk is the host's, and what it boots is not.
firmware_image() {
	say "firmware: $firmware"
	if [ -z "${DISK:-}" ]; then
		linux_files
		disk=$work/boot.img
		"$here/disk.sh" "$disk" "$kernel" "$initrd" "$cmdline"
	else
		disk=$DISK
		judge=0
	fi
	if [ "$disk" = none ]; then
		say "no disk: the firmware ends in its boot manager"
	else
		say "disk: $disk (what the guest writes is not kept)"
		qemu_args=(-- -drive "file=$disk,if=virtio,format=raw,snapshot=on")
	fi
	image=$work/firmware.igvm
	guest=(--firmware "$firmware")
	if [ "${SVSM:-1}" = 0 ]; then
		guest+=(--vmpl 0)
		who="the firmware alone, at VMPL0"
	else
		guest+=(--svsm "$bin/coir-svsm.elf" ${services[@]+"${services[@]}"})
		who="the firmware at VMPL2 under the SVSM"
	fi
}

qemu_args=()
if [ -n "${firmware:-}" ]; then
	firmware_image
else
	direct_image
fi
[ $auto = 0 ] || TIMEOUT=${TIMEOUT:-600}
say "image: $image ($who)"
"$bin/igvmbuild" --platform snp "${guest[@]}" --cpus "$CPUS" --nodes "$NODES" \
	--output "$image"
say "measurement:"
"$bin/igvmmeasure" "$image"

vm=("$bin/coir-vm" "$image" --cpus "$CPUS" --memory "$MEMORY" --nodes "$NODES"
	--qemu "$QEMU" --log "$work/emu.log")
[ -z "${TIMEOUT:-}" ] || vm+=(--timeout "$TIMEOUT")
say "starting: $CPUS CPU(s), $MEMORY; the machine's log is $work/emu.log"
[ -z "${firmware:-}" ] ||
	say "the firmware is silent for its first seconds, some 20 on a small machine"

if [ $auto = 0 ]; then
	say "leave with \`poweroff\` in the guest, or Ctrl-A X at any time"
	exec "${vm[@]}" ${qemu_args[@]+"${qemu_args[@]}"}
fi

status=0
"${vm[@]}" ${qemu_args[@]+"${qemu_args[@]}"} </dev/null |
	tee "$work/serial.log" || status=$?
if [ $status != 0 ]; then
	say "FAILED: the machine ended with status $status; see $work/emu.log"
	exit "$status"
fi
if [ -n "$jobs" ]; then
	"$here/steps.sh" "$work/serial.log" "$jobs" || {
		say "FAILED: not all of the guest's steps passed"
		exit 1
	}
elif [ $judge = 1 ] &&
	! grep -q '^coir: try finished, 0 failed' "$work/serial.log"; then
	say "FAILED: the guest did not finish its commands without a failure"
	exit 1
fi
say "the guest ran its commands and powered off"

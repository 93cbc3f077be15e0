#!/bin/bash
# SPDX-License-Identifier: MIT
# make run: build the launch image of a stock Linux, measure it and boot it.
# Variables come from the Makefile. Without a terminal on standard input the
# guest tries the commands of its note by itself; exit 0 only if all went well.
set -euo pipefail
here=$(dirname "$0")
bin=$BUILD/bin
work=$BUILD/run
mkdir -p "$work"

say() { printf 'run: %s\n' "$*"; }

auto=0
[ -t 0 ] || auto=1

case "${KERNEL:-cloud}" in
cloud | generic)
	say "kernel: stock Debian (${KERNEL:-cloud}), from the cache or the archive"
	kernel=$("$here/fetch-kernel.sh" "${KERNEL:-cloud}")
	;;
*) kernel=$KERNEL ;;
esac
say "kernel: $kernel"

if [ -n "${INITRD:-}" ]; then
	initrd=$INITRD
else
	initrd=$work/initramfs.gz
	"$here/initramfs.sh" "$initrd" "$kernel"
fi
say "initrd: $initrd ($(stat -Lc %s "$initrd") bytes)"

cmdline=${CMDLINE:-console=ttyS0 quiet}
qemu_args=()
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
if [ $auto = 1 ]; then
	cmdline="$cmdline coir.auto"
	TIMEOUT=${TIMEOUT:-600}
fi

svsm=(--svsm "$bin/coir-svsm.elf")
who="Linux at VMPL2 under the SVSM"
if [ "${SVSM:-1}" = 0 ]; then
	svsm+=(--vmpl 0)
	who="Linux at VMPL0: the SVSM prepares it and steps aside"
fi
say "image: $work/linux.igvm ($who)"
"$bin/igvmbuild" --platform snp ${svsm[@]+"${svsm[@]}"} --kernel "$kernel" \
	--initrd "$initrd" --cmdline "$cmdline" --cpus "$CPUS" \
	--output "$work/linux.igvm"
say "measurement:"
"$bin/igvmmeasure" "$work/linux.igvm"

vm=("$bin/coir-vm" "$work/linux.igvm" --cpus "$CPUS" --memory "$MEMORY"
	--qemu "$QEMU" --log "$work/emu.log")
[ -z "${TIMEOUT:-}" ] || vm+=(--timeout "$TIMEOUT")
say "starting: $CPUS CPU(s), $MEMORY; the machine's log is $work/emu.log"

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
if [ -z "${INITRD:-}" ] &&
	! grep -q '^coir: try finished, 0 failed' "$work/serial.log"; then
	say "FAILED: the guest did not finish its commands without a failure"
	exit 1
fi
say "the guest ran its commands and powered off"

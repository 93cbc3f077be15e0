# SPDX-License-Identifier: MIT
# What the boot tests share: images, one bounded run of the emulated machine,
# and what must be in its output. Sourced from the repository's root.

BUILD=${BUILD:-build}
bin=$BUILD/bin
svsm=$bin/coir-svsm.elf			# what images are built with, or:
test_svsm=$BUILD/test/coir-svsm-test.elf	# tests/inject/, by command line
work=$(mktemp -d "$BUILD/boot.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

fail() {
	echo "$*"
	[ -f "$work/serial" ] && tail -n 30 "$work/serial"
	[ -f "$work/log" ] && tail -n 20 "$work/log"
	[ -f "$work/said" ] && head -n 1 "$work/said"
	exit 1
}

# guest_image NAME CPUS CMDLINE [OPTION...]: $work/image.igvm with a test guest
guest_image() {
	local name=$1 cpus=$2 cmdline=$3
	shift 3
	"$bin/igvmbuild" --platform snp --svsm "$svsm" \
		--guest "$BUILD/guest/$name.bin" --cpus "$cpus" \
		--cmdline "$cmdline" --output "$work/image.igvm" "$@" ||
		fail "igvmbuild failed"
}

# linux_image KERNEL INITRD CPUS CMDLINE [OPTION...]
linux_image() {
	local kernel=$1 initrd=$2 cpus=$3 cmdline=$4
	shift 4
	"$bin/igvmbuild" --platform snp --svsm "$svsm" \
		--kernel "$kernel" --initrd "$initrd" --cpus "$cpus" \
		--cmdline "$cmdline" --output "$work/image.igvm" "$@" ||
		fail "igvmbuild failed"
}

# machine WANTED-STATUS SECONDS CPUS MEMORY [coir-vm ARGUMENT...]
machine() {
	local wanted=$1 seconds=$2 cpus=$3 memory=$4 status=0
	shift 4
	"$bin/coir-vm" "$work/image.igvm" --cpus "$cpus" --memory "$memory" \
		--timeout "$seconds" --serial "$work/serial" \
		--log "$work/log" "$@" </dev/null 2>"$work/said" || status=$?
	[ "$status" = "$wanted" ] ||
		fail "the machine ended with $status, not $wanted"
}

# has FILE TEXT: a line that must be there; lacks: one that must not
has() {
	grep -a -q -e "$2" "$work/$1" || fail "no '$2' in the $1 output"
}

lacks() {
	! grep -a -q -e "$2" "$work/$1" || fail "'$2' in the $1 output"
}

# SPDX-License-Identifier: MIT
# The kernel and initramfs of `make run TPM=1`, and jobs of tpm2-tools in them.
. tests/boot/linux.bash

linux_files tpm
initrd=$work/initramfs-tpm
scripts/initramfs-tpm.sh "$initrd" --add tests/tpm/session.sh=/session.sh ||
	fail "no initramfs"
quiet="console=ttyS0 quiet panic=-1"
vtpm=(--service "$BUILD/services/vtpm")

# jobs CPUS JOB,JOB...: all their steps pass, on /dev/tpm0 of the SVSM
jobs() {
	linux_image "$kernel" "$initrd" "$1" \
		"$quiet coir.tpm=tpm-svsm coir.auto=$2" "${vtpm[@]}"
	machine 0 1500 "$1" 1G
	has serial 'service vtpm: ready after'
	lacks serial 'service vtpm stopped'
	scripts/steps.sh "$work/serial" "$2" || fail "steps failed"
}

# SPDX-License-Identifier: MIT
# The kernel's tests of itself, on the native platform and on SEV-SNP.
. tests/boot/machine.bash

# passed PLATFORM CPUS SKIPPED: all parts but so many, each with its line
passed() {
	local n=$((11 - $3))
	has serial "selftest: $n passed, 0 failed, $3 skipped on $2 CPUs ($1)"
	lacks serial panic
	grep -a 'selftest: .* on .* CPUs' "$work/serial"
}

# native STATUS SECONDS CPUS WORDS [coir-vm ARGUMENT...]
native() {
	local wanted=$1 seconds=$2 cpus=$3 words=$4 status=0
	shift 4
	"$bin/igvmbuild" --platform native --service "$BUILD/services/probe" \
		--output "$work/services" || fail "igvmbuild failed"
	"$bin/coir-vm" --native "$test_svsm" --services "$work/services" \
		--append "$words cpus=$cpus" --cpus "$cpus" --memory 512M \
		--timeout "$seconds" --serial "$work/serial" \
		--log "$work/log" "$@" </dev/null 2>"$work/said" || status=$?
	[ "$status" = "$wanted" ] ||
		fail "the machine ended with $status, not $wanted"
}

# SPDX-License-Identifier: MIT
# What the TPM tests share: a bridge with its service on free ports, whose
# processes are ended by their ids.
set -eu
BUILD=$(realpath "${BUILD:-build}")
work=$(mktemp -d "$BUILD/tpm.XXXXXX")
bridge=

bridge_end() { # status of the bridge in $bridge_status
	bridge_status=0
	[ -n "$bridge" ] || return 0
	kill "$bridge" 2>/dev/null || true
	wait "$bridge" || bridge_status=$?
	bridge=
}
trap 'bridge_end; rm -rf -- "$work"' EXIT

# bridge_start [OPTION...] [-- SERVICE...]: sets bridge, port, TPM2TOOLS_TCTI
bridge_start() {
	local word
	rm -f "$work/ports"
	"$BUILD/bin/tpm-bridge" -p 0 "$@" >"$work/ports" &
	bridge=$!
	for word in $(seq 100); do
		[ -s "$work/ports" ] && break
		kill -0 "$bridge" || { echo "the bridge did not start"; exit 1; }
		sleep 0.1
	done
	read -r word word port word <"$work/ports"
	export TPM2TOOLS_TCTI="mssim:host=127.0.0.1,port=$port"
}

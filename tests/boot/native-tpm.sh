#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# The vTPM in ring 3 of the SVSM on a plain machine, asked from outside over the
# second serial port: tpm-bridge, tpm2-tools, and the session of tests/tpm. A
# message that is too large, and half a one, leave the line in order.
. tests/tpm/bridge.bash
vm=

vm_end() {
	[ -z "$vm" ] || kill "$vm" 2>/dev/null || true
	[ -z "$vm" ] || wait "$vm" || true
	vm=
}
trap 'bridge_end; vm_end; rm -rf -- "$work"' EXIT

"$BUILD/bin/igvmbuild" --platform native --service "$BUILD/services/vtpm" \
	--output "$work/services"
"$BUILD/bin/coir-vm" --native "$BUILD/bin/coir-svsm.elf" --cpus 2 \
	--services "$work/services" --memory 512M --timeout 280 \
	--serial "$work/serial" --log "$work/said" -- \
	-serial "unix:$work/line,server=on,wait=off" </dev/null &
vm=$!
for n in $(seq 600); do
	grep -aq 'the vTPM answers' "$work/serial" 2>/dev/null && break
	kill -0 "$vm" || { cat "$work/serial"; exit 1; }
	sleep 0.1
done

# Each is answered, or forgotten, before the session begins.
python3 - "$work/line" <<'END'
import socket, struct, sys, time
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.settimeout(60)
def ask(op, size, body):
    line.sendall(struct.pack("<IIIIQ", op, 0, 0, size, 0) + body)
    got = b""
    while len(got) < 24:
        got += line.recv(24 - len(got))
    return struct.unpack("<IIIIQ", got)
assert ask(0, 0, b"")[:4] == (0, 1, 0, 0), "nobody's operation"
assert ask(1, 5000, bytes(5000))[:4] == (1, 3, 0, 0), "a message too large"
assert ask(99, 10, bytes(10))[:4] == (99, 1, 0, 0), "no such operation"
assert ask(2, 1, bytes(1))[:4] == (2, 3, 0, 0), "a byte too many"
line.sendall(bytes(7))  # half a message, never ended
time.sleep(6)
assert ask(0, 0, b"")[:4] == (0, 1, 0, 0), "after half a message"
END
echo "ok what is wrong is refused, and the line stays in order"

bridge_start --connect "unix:$work/line" --ek "rsa=$work/rsa"
EK_MANIFEST=$work/rsa tests/tpm/session.sh >"$work/log" || { cat "$work/log"; exit 1; }
tail -n 1 "$work/log" | tee "$work/last"
grep -qx '\(..*\) of \1 steps passed' "$work/last"
bridge_end
[ "$bridge_status" = 0 ]
if grep -a panic "$work/serial"; then exit 1; fi

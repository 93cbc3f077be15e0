#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# Two nodes and four vCPUs: what Linux at VMPL2 finds in
# /sys/devices/system/node and by numactl is what the same kernel finds on plain
# QEMU with the same nodes, but for the SVSM's memory. An image that asks for
# no nodes hides the host's.
. tests/boot/linux.bash
linux_files cloud

# numactl of this machine's Debian, with all that it needs.
deb=$(scripts/fetch-deb.sh own numactl libnuma1 libc6) || fail "no numactl"
add=()
for f in usr/bin/numactl:/usr/bin/numactl libnuma.so.1: libc.so.6: \
	ld-linux-x86-64.so.2:/lib64/ld-linux-x86-64.so.2; do
	name=${f%%:*} to=${f#*:}
	found=$(find -L "$deb" -path "*/$name" -type f | head -n 1)
	[ -n "$found" ] || fail "no $name in numactl's packages"
	add+=(--add "$found=${to:-/lib/x86_64-linux-gnu/$name}")
done
scripts/initramfs.sh "$initrd" "$kernel" "${add[@]}" >/dev/null ||
	fail "no initramfs"

# seen FILE: what numactl says, without figures of memory in use
seen() {
	tr -d '\r' <"$1" | grep -a -E \
		'^(available: |node [0-9]+ cpus:|node distances:|node {2,}[0-9]|  +[0-9]+: )'
}

distances=(-numa dist,src=0,dst=1,val=17 -numa dist,src=1,dst=0,val=23)
timeout 240 "${QEMU:-qemu-system-x86_64}" -accel tcg,thread=single \
	-cpu max,-cx16 \
	-machine q35 -m 1G -smp 4,sockets=2 -nodefaults -display none \
	-serial stdio -no-reboot -kernel "$kernel" -initrd "$initrd" \
	-object memory-backend-ram,id=a,size=512M \
	-numa node,nodeid=0,memdev=a,cpus=0-1 \
	-object memory-backend-ram,id=b,size=512M \
	-numa node,nodeid=1,memdev=b,cpus=2-3 "${distances[@]}" \
	-append "$cmdline coir.plain" </dev/null >"$work/plain" 2>&1 ||
	fail "plain QEMU did not boot"
kernel_warnings "$work/plain" >"$work/plain.warnings"

nodes=coir.nodes=0:0-1:10,17/1:2-3:23,10
linux_image "$kernel" "$initrd" 4 "$cmdline $nodes" --nodes 2
machine 0 300 4 1G --nodes 2 -- "${distances[@]}"
has serial 'coir: ok nodes'
has serial 'coir: try finished, 0 failed'
linux_warnings
seen "$work/plain" >"$work/seen.plain"
seen "$work/serial" >"$work/seen"
[ "$(grep -c 'node . cpus' "$work/seen")" = 2 ] ||
	fail "numactl says nothing of two nodes"
diff "$work/seen.plain" "$work/seen" || fail "not what plain QEMU shows"
cat "$work/seen"

# The same machine, but nobody asked for nodes: the host's SRAT is not told.
linux_image "$kernel" "$initrd" 4 "$cmdline coir.nodes=0:0-3:10"
machine 0 300 4 1G --nodes 2 -- "${distances[@]}"
has serial 'coir: ok nodes'
has serial 'coir: try finished, 0 failed'

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# A host that lies about processors and nodes: each lie ends the VM before the
# guest runs, with one line that names the table and what is wrong with it; so
# does a machine that is larger or smaller than the image allows.
. tests/boot/machine.bash

guest_image core 2 "cpus=2 quick" --nodes 2

# run STATUS [coir-vm ARGUMENT...]: two vCPUs on two nodes
run() {
	machine "$1" 60 2 512M "${@:2}" "${distances[@]}"
}

# lie KIND TEXT
lie() {
	run 100 --nodes 2 --option "acpi=$1"
	has serial "^\[SVSM\] refused: host's $2"
	lacks serial 'core:'
	[ "$(grep -c . "$work/serial")" = 1 ] ||
		fail "more than one line about acpi=$1"
	sed "s/^\[SVSM\] refused: /acpi=$1: /" "$work/serial"
	count=$((count + 1))
}

count=0
distances=()
run 0 --nodes 2
has serial '^core: [1-9][0-9]* passed, 0 failed'
lie madt-signature 'MADT: wrong signature'
lie madt-sum 'MADT: wrong checksum'
lie madt-length 'MADT: impossible length'
lie madt-stuck 'MADT: a record does not fit into it'
lie madt-cut 'MADT: a record does not fit into it'
lie madt-short 'MADT: a record of type 0 is 4 bytes long'
lie madt-none 'MADT: it names no processor'
lie madt-other 'MADT: the boot CPU, APIC id 0, is not in it'
lie madt-twice 'MADT: APIC id 0 is there twice'
lie madt-many 'MADT: more CPUs than the image allows: 2'
lie madt-lapic 'MADT: local APIC at 0x8000000, in memory'
lie madt-ioapic 'MADT: I/O APIC at 0x8001000, in memory'
lie srat-sum 'SRAT: wrong checksum'
lie srat-stuck 'SRAT: a record does not fit into it'
lie srat-node 'SRAT: node 16777216, the image allows 2'
lie srat-twice 'SRAT: APIC id 0 is on two nodes'
lie srat-lost 'SRAT: APIC id 0 has no node'
lie srat-overlap 'SRAT: memory at 0x[0-9a-f]* has two nodes'
lie srat-hole 'SRAT: memory at 0x10000000 has no node'
lie srat-far 'SRAT: memory 0x10000000000-0x[0-9a-f]*: 0x10000000000 is none'
lie srat-wrap 'SRAT: memory 0x10000000 and 0x[0-9a-f]* more bytes'
lie srat-alias 'SRAT: memory 0x800010000000 and 0x'
lie srat-nvdimm 'SRAT: memory at 0x10000000 is non-volatile'
# With distances, which QEMU tells of only when asked.
distances=(-- -numa dist,src=0,dst=1,val=20)
run 0 --nodes 2
lie srat-not 'SLIT: there is no SRAT to it'
lie slit-sum 'SLIT: wrong checksum'
lie slit-many 'SLIT: distances of 4294967296 nodes, there are 2 and 2 are allowed'
lie slit-near 'SLIT: node 0 is 9 from node 1'
lie slit-local 'SLIT: node 0 is 11 from node 0'
# More nodes, CPUs or memory than the image allows; less memory.
guest_image core 4 "cpus=1 quick" --nodes 2
machine 100 60 3 512M --nodes 3
has serial "^\[SVSM\] refused: host's SRAT: node 2, the image allows 2"
guest_image core 2 "cpus=1 quick"
machine 100 60 3 512M
has serial "^\[SVSM\] refused: host's MADT: more CPUs than the image allows: 2"
guest_image core 1 "cpus=1 quick" --memory-max 512M
machine 0 60 1 512M
machine 100 60 1 514M
has serial "^\[SVSM\] refused: host's memory map: [0-9]* KiB of RAM, the image allows 0 to 524288"
guest_image core 1 "cpus=1 quick" --memory-min 512M
machine 100 60 1 500M
has serial "^\[SVSM\] refused: host's memory map: [0-9]* KiB of RAM, the image allows 524288 to"
# Room for any number of processors: 4096 are listed, of which too many are on,
# or the last is another one, or all are off; then the true two run.
guest_image core 1024 "cpus=2 quick" --cpu-records 8192
lie madt-crowd 'MADT: more CPUs than the image allows: 1024'
lie madt-twin 'MADT: APIC id 1510 is there twice'
run 0 --nodes 2 --option acpi=madt-empty
has serial '^core: [1-9][0-9]* passed, 0 failed'
has serial '^core: 2 '
# Nodes that the image does not ask for: nobody looks at the tables.
guest_image core 2 "cpus=2 quick"
run 0 --nodes 2 --option acpi=srat-sum
has serial '^core: [1-9][0-9]* passed, 0 failed'
echo "$((count + 4)) machines refused"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# A host that lies about memory: each lie ends the VM before the guest runs,
# with one line that names what and where; harmless ones are survived.
. tests/boot/machine.bash

guest_image core 1 "cpus=1 quick"
image=$work/image.igvm

# refused LIE TEXT [STATUS]: the VM ends, and says just that
refused() {
	machine "${3:-100}" 60 1 512M --option "map=$1"
	has serial "^\[SVSM\] refused: $2"
	lacks serial 'core:'
	[ "$(grep -c . "$work/serial")" = 1 ] ||
		fail "more than one line about map=$1"
	sed "s/^\[SVSM\] refused: /$1: /" "$work/serial"
	count=$((count + 1))
}

# survived [LIE]: the guest runs, and what it sees holds together
survived() {
	machine 0 60 1 512M ${1:+--option "map=$1"}
	has serial '^core: [1-9][0-9]* passed, 0 failed'
	count=$((count + 1))
}

count=0
map="host's memory map"
entry="$map: entry [0-9]* (0x[0-9a-f]*-0x[0-9a-f]*)"
survived
refused unsorted "$entry lies below entry 0: not sorted"
refused overlap "$entry overlaps entry 0"
refused duplicate "$map: entry 1 (0x0-0x9ffff) overlaps entry 0"
refused wrap "$map: entry [0-9]* (page 0xfffffffffffff and 0xf more) passes"
refused empty "$map: it is empty"
refused many "$map: more than 64 ranges"
refused type "$entry is of unknown type 77"
# The image; memory that it needs; a launch page of the guest; its program.
refused hole@0x8000000 \
	"$map: the SVSM's image 0x8000000-.* is not all RAM: 0x8000000 is none"
refused hole@0x8010000 \
	"$map: the SVSM's image 0x8000000-.* is not all RAM: 0x8010000 is none"
refused hole@0x81ff000 \
	"$map: the SVSM's memory 0x8000000-0x81fffff is not .*: 0x81ff000 is"
refused hole@0x1b000 \
	"$map: the guest's launch memory 0x10000-.*: 0x1b000 is none"
refused hole@0x200000 "$map: the guest's launch memory 0x200000-.*: 0x200000"
# Too small: for the image, for what is carved out, for the guest.
refused small@0x4000000 "$map: the SVSM's image .*: 0x8000000 is none"
refused small@0x8180000 "$map: the SVSM's memory .*: 0x8180000 is none"
# The boot CPU's save area, and a second name of the first page of the image.
refused ram@0xfffffffff000 "$map: entry .* (page 0xfffffffff and 0x0 more)"
refused ram@0x800008000000 "$map: entry .* (page 0x800008000 and 0x0 more)"
# RAM that is not there: who never asks for it is not harmed by it ...
survived huge
survived hole@0x10000000
# ... and who validates all of it finds out.
guest_image core 1 "cpus=1 quick" --validate-all
machine 100 120 1 512M --option map=huge
has serial 'the host keeps memory at 0x10000000000'
lacks serial 'core:'
# Less than it takes to start, and less than the worst case.
guest_image core 1 "cpus=1 quick" --svsm-max 2M --required 1700K
machine 100 60 1 512M
has serial '^\[SVSM\] refused: own memory: [0-9]* KiB needed at least, the image allows 2048'
guest_image core 1 "cpus=1 quick" --svsm-max 8M
machine 0 60 1 512M --option map=huge
has serial 'KiB short of the worst case: the guest may be asked to deposit'
has serial '^core: [1-9][0-9]* passed, 0 failed'
echo "$((count + 3)) maps"

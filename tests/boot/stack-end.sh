#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# Where growth ends: the limit, no page left, an access far from the stack
# pointer. The VM ends with a message that names task, depth and function.
. tests/boot/machine.bash
svsm=$test_svsm

# ends HOW CPU CPUS TEXT FUNCTION
ends() {
	guest_image bench "$3" "launch-only stack=$1 cpu=$2 cpus=$3"
	machine 100 60 "$3" 512M
	has serial "$4"
	has serial "#0 .* $5[.a-z0-9]*+0x"
	has serial "CPU $2 kernel stack: [0-9]* of 24576 bytes used"
	lacks serial 'stack test'
}

ends overflow 3 4 \
	'panic: CPU 3 kernel stack overflow: 2[45][0-9]* bytes deep in dig+0x' dig
ends none 0 1 \
	'panic: CPU 0 kernel stack finds no page to grow: 1[0-9]* bytes deep in dig+' dig
ends stray 0 1 'panic: #PF (14) error 2 at .* cr2 ffffff8000' stray

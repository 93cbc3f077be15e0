#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# The same with one vCPU, whose calls nobody disturbs: the answers are the same
# each time.
. tests/boot/hostile.bash
hostile 0 1 20000 1 180 --service "$BUILD/services/vtpm"
hostile_passes

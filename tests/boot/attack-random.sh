#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that answers at random: the VM may end anywhere but in a wrong answer.
. tests/boot/attack.bash
attacks --storm 16

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that attacks, by scenario: levels, clock.
. tests/boot/attack.bash
attacks levels clock

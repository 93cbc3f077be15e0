#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that attacks, by scenario: memory.
. tests/boot/attack.bash
attacks memory

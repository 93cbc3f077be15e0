#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that attacks, by scenario: msrs.
. tests/boot/attack.bash
attacks msrs

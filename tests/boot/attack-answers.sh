#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that attacks, by scenario: answers.
. tests/boot/attack.bash
attacks answers

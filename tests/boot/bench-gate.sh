#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# Exact figures that have an aim: instructions of the calls that count, of the
# launch, sizes, memory of a vCPU. `make bench` measures the rest.
exec scripts/bench.py --gate

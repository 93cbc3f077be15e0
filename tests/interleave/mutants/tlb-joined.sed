# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: a CPU that joins is not counted
s/cpu->index + 1,/seen,/

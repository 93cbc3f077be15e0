# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: the first missed flush is left out
s/uint64_t n = seen + 1;/uint64_t n = seen + 2;/

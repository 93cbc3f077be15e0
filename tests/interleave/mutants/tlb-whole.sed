# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: a whole flush is taken for one of ranges
s/ || what.all)/)/

# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: a CPU that comes back does not catch up
/^void tlb_back/,/^}/s/catch_up(cpu);//

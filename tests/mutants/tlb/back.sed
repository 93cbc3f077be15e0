# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: a CPU comes back from its rest without flushing
/^void tlb_back/,/^}/ s/catch_up(cpu)/(void)0/

# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: a CPU that comes back catches up before it says so
/^void tlb_back/,/^}/{
s/^	__atomic_store_n/	catch_up(cpu); &/
s/^	catch_up(cpu);$//
}

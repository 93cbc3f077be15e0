# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: the slot is filled after the number
/^static uint64_t publish/,/^}/{
s/recent\[slot\].what = \*what;//
s/^	__atomic_store_n(&newest, number, __ATOMIC_SEQ_CST);/&	recent[slot].what = *what;/
}

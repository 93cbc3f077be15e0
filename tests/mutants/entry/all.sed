# SPDX-License-Identifier: MIT
# kernel/guest/enter.c: all CPUs flush at each call
s/req->call = (uint32_t)vmsa->rax;/{ void pages_tlb_flush(void); pages_tlb_flush(); } &/

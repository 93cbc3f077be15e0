# SPDX-License-Identifier: MIT
# kernel/guest/enter.c: the CPU flushes a page at each call
s/req->call = (uint32_t)vmsa->rax;/hw_invlpg(vmsa); &/

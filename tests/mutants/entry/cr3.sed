# SPDX-License-Identifier: MIT
# kernel/guest/enter.c: the CPU flushes everything at each call
s/req->call = (uint32_t)vmsa->rax;/hw_cr3_write(hw_cr3_read()); &/

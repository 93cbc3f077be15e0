# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: who is several flushes behind does the newest alone
s/for (uint64_t n = seen + 1; n <= now; n++)/for (uint64_t n = now; n <= now; n++)/

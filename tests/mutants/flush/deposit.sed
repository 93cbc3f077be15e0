# SPDX-License-Identifier: MIT
# kernel/proto/deposit.c: deposited pages stay in other vCPUs' TLBs
/platform->tlb_flush();/d

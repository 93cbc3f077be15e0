# SPDX-License-Identifier: MIT
# kernel/snp/pages.c: the flush names one address
s/hw_invlpgb(INVLPGB_ASID | INVLPGB_GLOBAL, 0, 0)/hw_invlpgb(INVLPGB_VA | INVLPGB_ASID, 0, 0)/

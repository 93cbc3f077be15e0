# SPDX-License-Identifier: MIT
# kernel/proto/pvalidate.c: a list that rescinds flushes at each entry
s/list->next = (uint16_t)(list->next + done);/& if (*narrowed) platform->tlb_flush();/

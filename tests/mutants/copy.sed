# SPDX-License-Identifier: MIT
# kernel/mm/guestmem.c: lists are read from pages that are ours, or no more valid
s/if (pvalid_page(held, at))/if (true)/

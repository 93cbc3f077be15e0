# SPDX-License-Identifier: MIT
# kernel/mm/owned.c: calls: pages are deposited without the region's lock
s/pvalid_lock(page)/(struct pvalid_held){ \&pvalid_bytes[page.chunk], pvalidva_bits() + page.chunk * PVALID_REGION_WORDS }/

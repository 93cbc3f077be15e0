# SPDX-License-Identifier: MIT
# kernel/mm/guestpage.c: calls: single pages change without the region's lock
/ run_lock(/,/^}/ s/pvalid_lock(page)/(struct pvalid_held){ \&pvalid_bytes[page.chunk], pvalidva_bits() + page.chunk * PVALID_REGION_WORDS }/
s/pvalid_lock_chunk(memmap_chunk(span, gpa))/(struct pvalid_held){ \&pvalid_bytes[memmap_chunk(span, gpa)], pvalidva_bits() + memmap_chunk(span, gpa) * PVALID_REGION_WORDS }/

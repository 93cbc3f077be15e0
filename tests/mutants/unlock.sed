# SPDX-License-Identifier: MIT
# kernel/mm/guestpage.c: a region stays locked when a page cannot be pinned
/^enum page_result guestpage_pin(/,/^}/ s/^	pvalid_unlock/	if (r == PAGE_OK)\n		pvalid_unlock/

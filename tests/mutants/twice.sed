# SPDX-License-Identifier: MIT
# kernel/mm/guestpage.c: a page that is validated is validated again
/ small_validate(/,/^}/ s/if (pvalid_page(held, gpa))/if (false)/

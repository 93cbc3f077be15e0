# SPDX-License-Identifier: MIT
# kernel/mm/owned.c: a withdrawn page stays out of the guest's reach
/^void owned_return(/,/^}/ s/rights_restore(map.va, PAGE_4K)/(void)0/

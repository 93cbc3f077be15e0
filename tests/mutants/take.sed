# SPDX-License-Identifier: MIT
# kernel/mm/owned.c: a deposited page keeps the guest's rights
/ revoke(struct/,/^}/ s/platform->guest_revoke(map.va, size)/PAGE_OK/

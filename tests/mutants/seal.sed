# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: a page that was refused as a save area stays sealed
/ create_locked(/,/^}/ s/guestpage_unseal(c->page)/(void)0/

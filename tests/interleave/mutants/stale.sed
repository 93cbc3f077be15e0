# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: calls: a delete unpins the area that it saw before it took the lock
s/struct vcpu_held held = vcpu_lock();/struct vcpu_held held = vcpu_lock(); struct vcpu *v; unsigned int s; req->rdx = vcpu_find_vmsa(held, (struct pa){ req->rcx }, \&v, \&s) == OK ? v->slot[s].caa.v : 0; vcpu_unlock(held); if (!req->rdx) return SVSM_ERR_INVALID_PARAMETER; held = vcpu_lock();/
s/caa = vcpu->slot\[slot\].caa;/caa.v = vcpu == held.first ? req->rdx : vcpu->slot[slot].caa.v;/

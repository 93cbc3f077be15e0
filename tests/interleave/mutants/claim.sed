# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: calls: a save area is deleted while its CPU serves its call
/ vmsa_stop(/,/^}/ s/stopped && !vmsa_claim(map.va)/false/
/ vmsa_stop(/,/^}/ s/__atomic_load_n(&vmsa->efer, __ATOMIC_RELAXED) & EFER_SVME \&\&/true \&\&/

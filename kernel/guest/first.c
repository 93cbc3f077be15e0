/* SPDX-License-Identifier: MIT */
/* The guest's first vCPU: pages of ours where the guest has none yet. */
#include "kernel/guest/first.h"

#include "abi/svsm/core.h"
#include "kernel/base/panic.h"
#include "kernel/guest/secrets.h"
#include "kernel/guest/vcpu.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"

void first_secrets(const struct params *params, struct pa page, struct pa caa)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);
	struct secrets_svsm svsm = { .guest_vmpl =
					     (uint8_t)params->guest_vmpl };

	if (params->guest_vmpl) {
		svsm.memory = memmap_svsm();
		svsm.caa = caa;
		svsm.max_version = SVSM_CORE_VERSION;
	}
	secrets_filter(kmap_image((struct pa){ params->secrets_page }), &svsm,
		       map.va);
	tmpmap_drop(map);
}

static struct pa vmsa_page(void)
{
	struct pa page;

	if (page_take_for_vmsa(&page) != OK)
		panic_memory("the guest's save area");
	return page;
}

void first_vcpu(struct percpu *cpu, const struct guest_start *start,
		struct pa caa)
{
	struct vcpu_slot slot = { vmsa_page(), caa, true };
	struct vcpu_held held = vcpu_lock();
	enum err e = vcpu_caa_take(held, NULL, slot.caa);

	if (e == ERR_NOMEM)
		panic_memory("the record of the guest's calling area");
	if (e != OK)
		panic("the first calling area is not the guest's");
	vcpu_slot_set(held, cpu->vcpu, 0, slot);
	if (platform->guest_start(start, cpu->vcpu->vmsa[0], slot.vmsa) != OK)
		panic("the host refused the guest's first vCPU");
	vcpu_unlock(held);
}

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

/* A page of ours for the save area, not where the erratum bites. */
static struct pa vmsa_page(void)
{
	struct pa page, other;

	if (page_take(&page) != OK)
		panic_memory("the guest's save area");
	if (!addr_aligned(page.v, PAGE_2M))
		return page;
	if (page_take(&other) != OK)
		panic_memory("the guest's save area");
	page_give(page);
	return other;
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

/* SPDX-License-Identifier: MIT */
/* The registry of vCPUs, their pages and the windows onto them. */
#include "kernel/guest/vcpu.h"

#include "kernel/base/lock.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/guest/window.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "lib/pageindex.h"

/* Windows of slot 0 are named in abi/boot/launch.h, others are spare pages. */
static const uint8_t vmsa_page[VCPU_SLOTS] = { CPU_PAGE_VMSA, CPU_PAGE_SPARE,
					       CPU_PAGE_SPARE + 6,
					       CPU_PAGE_SPARE + 8 };
static const uint8_t caa_page[VCPU_SLOTS] = { CPU_PAGE_CAA, CPU_PAGE_SPARE + 2,
					      CPU_PAGE_SPARE + 7,
					      CPU_PAGE_SPARE + 9 };
#define LIST_PAGE (CPU_PAGE_SPARE + 4)

#define OFFER_UNTOLD 2u

static struct spinlock registry;
static sealed struct vcpu *vcpus;
static sealed uint32_t vcpu_count;
static sealed struct pageindex owners; /* of save areas: numbers of vCPUs */
uint8_t vcpu_offer_told = OFFER_UNTOLD;
static sealed struct pa no_page; /* zero, read-only: what unused windows show */

_Static_assert(CPU_AREA_MAX <= PAGEINDEX_VALUES, "owners");
_Static_assert(sizeof(struct vcpu) % sizeof(uint64_t) == 0, "owners follow");

/* One piece of memory: the vCPUs, then the index of their save areas. */
must_check enum err vcpu_init(const uint32_t *ids, uint32_t count)
{
	uint32_t words = pageindex_words(count * VCPU_SLOTS);
	enum err e = page_take(&no_page);

	ASSERT(count <= CPU_AREA_MAX);
	if (e != OK)
		return e;
	e = heap_pages(count * sizeof(*vcpus) + words * sizeof(uint64_t),
		       (void **)&vcpus);
	if (e != OK)
		return e;
	vcpu_count = count;
	owners = pageindex_make((uint64_t *)(vcpus + count), words);
	for (uint32_t i = 0; i < count; i++) {
		vcpus[i].apic_id = ids[i];
		vcpus[i].cpu = i;
	}
	return OK;
}

must_check enum err vcpu_attach(struct percpu *cpu)
{
	struct vcpu *vcpu = &vcpus[cpu->index];
	struct pa list;
	enum err e;

	ASSERT(cpu->index < vcpu_count && vcpu->apic_id == cpu->apic_id);
	for (unsigned int i = 0; i < VCPU_SLOTS; i++) {
		vcpu->vmsa[i] = window_at(cpu->index, vmsa_page[i]);
		vcpu->ca[i] = window_at(cpu->index, caa_page[i]);
		e = kmap_page(vcpu->vmsa[i], no_page, KMAP_READ);
		if (e == OK)
			e = kmap_page(vcpu->ca[i], no_page, KMAP_READ);
		if (e != OK)
			return e;
	}
	vcpu->list = window_at(cpu->index, LIST_PAGE);
	e = page_take(&list);
	if (e == OK)
		e = kmap_page(vcpu->list, list, KMAP_WRITE);
	if (e == OK)
		cpu->vcpu = vcpu;
	return e;
}

struct vcpu_held vcpu_lock(void)
{
	spin_lock(&registry);
	return (struct vcpu_held){ vcpus };
}

void vcpu_unlock(struct vcpu_held held)
{
	ASSERT(held.first == vcpus);
	spin_unlock(&registry);
}

static bool online(const struct vcpu *vcpu)
{
	const struct percpu *cpu = window_at(vcpu->cpu, CPU_PAGE_SELF);

	return vcpu->list &&
	       __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE) == CPU_ONLINE;
}

struct vcpu *vcpu_find(struct vcpu_held held, uint32_t apic_id)
{
	struct vcpu *v = held.first;
	uint32_t low = 1, high = vcpu_count;

	if (v->apic_id != apic_id) {
		while (low < high) {
			uint32_t middle = (low + high) / 2;

			if (held.first[middle].apic_id < apic_id)
				low = middle + 1;
			else
				high = middle;
		}
		v = &held.first[low];
		if (low == vcpu_count || v->apic_id != apic_id)
			return NULL;
	}
	return online(v) ? v : NULL;
}

must_check enum err vcpu_find_vmsa(struct vcpu_held held, struct pa vmsa,
				   struct vcpu **vcpu, unsigned int *slot)
{
	uint32_t owner;
	unsigned int i = 0;

	/* The index knows pages only; a stray address is nobody's. */
	if (!addr_aligned(vmsa.v, PAGE_4K) ||
	    !pageindex_find(&owners, vmsa.v, &owner))
		return ERR_ABSENT;
	*vcpu = &held.first[owner];
	while (i < VCPU_SLOTS && (*vcpu)->slot[i].vmsa.v != vmsa.v)
		i++;
	ASSERT(i < VCPU_SLOTS);
	*slot = i;
	return OK;
}

must_check enum err vcpu_slot_free(struct vcpu_held held,
				   const struct vcpu *vcpu, unsigned int *slot)
{
	(void)held;
	for (unsigned int i = 0; i < VCPU_SLOTS; i++)
		if (!vcpu->slot[i].vmsa.v) {
			*slot = i;
			return OK;
		}
	return ERR_BUSY;
}

/* The page tables of a CPU's area always exist. */
static void window_set(void *va, struct pa pa, enum kmap_use use)
{
	if (kmap_replace(va, pa, use) != OK)
		panic("window %p is not mapped", va);
}

/* Read without the lock. */
static void told_set(uint8_t told)
{
	__atomic_store_n(&vcpu_offer_told, told, __ATOMIC_RELAXED);
}

void vcpu_slot_set(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct vcpu_slot to)
{
	ASSERT(held.first == vcpus && !vcpu->slot[slot].vmsa.v && to.vmsa.v);
	vcpu->slot[slot] = to;
	pageindex_set(&owners, to.vmsa.v, vcpu->cpu);
	window_set(vcpu->ca[slot], to.caa, KMAP_WRITE);
	window_set(vcpu->vmsa[slot], to.vmsa, KMAP_WRITE);
	if (vcpu == held.first)
		told_set(OFFER_UNTOLD);
	__atomic_add_fetch(&vcpu->live, 1, __ATOMIC_RELEASE);
}

void vcpu_slot_clear(struct vcpu_held held, struct vcpu *vcpu,
		     unsigned int slot)
{
	ASSERT(held.first == vcpus && vcpu->slot[slot].vmsa.v);
	__atomic_sub_fetch(&vcpu->live, 1, __ATOMIC_RELEASE);
	window_set(vcpu->vmsa[slot], no_page, KMAP_READ);
	window_set(vcpu->ca[slot], no_page, KMAP_READ);
	pageindex_drop(&owners, vcpu->slot[slot].vmsa.v);
	vcpu->slot[slot] = (struct vcpu_slot){ 0 };
}

/* How many of the vCPU's slots use this calling area. */
static unsigned int caa_users(const struct vcpu *vcpu, struct pa caa)
{
	unsigned int users = 0;

	for (unsigned int i = 0; vcpu && i < VCPU_SLOTS; i++)
		if (vcpu->slot[i].vmsa.v && vcpu->slot[i].caa.v == caa.v)
			users++;
	return users;
}

must_check enum err vcpu_caa_take(struct vcpu_held held,
				  const struct vcpu *sharer, struct pa caa)
{
	static const struct svsm_ca clean;
	bool shared = caa_users(sharer, caa) != 0;
	enum page_result r = PAGE_OK;
	struct guest_range page;

	(void)held;
	if (guestpage_check(caa.v, PAGE_SIZE_4K, &page) != OK)
		return ERR_RANGE;
	if (!shared)
		r = guestpage_pin(page);
	if (r != PAGE_OK)
		return r == PAGE_NO_MEMORY ? ERR_NOMEM : ERR_RANGE;
	/* Checked and pinned first: this write can hit nothing else. */
	if (guest_write(page, 0, &clean, sizeof(clean)) == OK)
		return OK;
	if (!shared)
		guestpage_unpin(page);
	return ERR_RANGE;
}

void vcpu_caa_give(struct vcpu_held held, const struct vcpu *vcpu,
		   struct pa caa)
{
	struct guest_range page;

	(void)held;
	if (caa_users(vcpu, caa))
		return;
	if (guestpage_check(caa.v, PAGE_SIZE_4K, &page) != OK)
		panic("calling area left guest memory");
	guestpage_unpin(page);
}

void vcpu_caa_move(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct pa caa)
{
	struct pa old = vcpu->slot[slot].caa;

	ASSERT(percpu_this()->vcpu == vcpu);
	vcpu->slot[slot].caa = caa;
	window_set(vcpu->ca[slot], caa, KMAP_WRITE);
	if (vcpu == held.first)
		told_set(OFFER_UNTOLD);
	if (old.v != caa.v)
		vcpu_caa_give(held, vcpu, old);
}

void vcpu_offer_set(struct vcpu_held held, uint8_t offer)
{
	const uint64_t off = offsetof(struct svsm_ca, mem_available);
	struct guest_range page;

	for (unsigned int i = 0; i < VCPU_SLOTS; i++) {
		const struct vcpu_slot *slot = &held.first->slot[i];

		/* Fails if the host took the page; then nobody reads it. */
		if (slot->vmsa.v &&
		    guestpage_check(slot->caa.v, PAGE_SIZE_4K, &page) == OK &&
		    guest_write(page, off, &offer, sizeof(offer)) != OK)
			continue;
	}
	told_set(offer);
}

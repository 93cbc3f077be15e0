/* SPDX-License-Identifier: MIT */
/* proof: a calling area is pinned exactly as long as a slot of its vCPU uses
 *   it; REMAP_CA, and taking and giving one back, leave no page pinned that
 *   nobody uses and none unpinned that somebody does
 * sources: kernel/guest/vcpu.c proofs/fake/lock.c proofs/fake/panic.c
 * bound: any use of the four slots of a vCPU, among 6 pages: no more can differ
 * flags: --unwind 6
 * mutation: kernel/guest/vcpu.c@vcpu_caa_move: vcpu_caa_give(held, vcpu, old);
 *   => vcpu_caa_give(held, NULL, old);
 * mutation: kernel/guest/vcpu.c@vcpu_caa_give: if (caa_users(vcpu, caa)) return;
 *   =>
 * mutation: kernel/guest/vcpu.c@vcpu_caa_take: if (!shared)
 *   guestpage_unpin(page); => guestpage_unpin(page);
 * mutation: kernel/guest/vcpu.c@caa_users: vcpu->slot[i].vmsa.v && => true &&
 * mutation: kernel/guest/vcpu.c@vcpu_slot_clear: window_set(vcpu->ca[slot],
 *   no_page, KMAP_READ); =>
 */
#include "kernel/guest/vcpu.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"

static struct vcpu vcpu;
static struct percpu cpu;
static char windows[VCPU_SLOTS][2];
static uint64_t shown[VCPU_SLOTS]; /* by each slot's window for its area */
static uint64_t gpa;		   /* the witness: any calling area */
static bool pinned;
void *proof_gs;

enum err guestpage_check(uint64_t at, enum page_size size,
			 struct guest_range *page)
{
	*page = (struct guest_range){ { { at }, page_bytes(size) }, 0 };
	/* What is pinned is guest memory. */
	return (at == gpa && pinned) || nondet_bool() ? OK : ERR_RANGE;
}

enum page_result guestpage_pin(struct guest_range page)
{
	if (page.r.start.v != gpa)
		return nondet_bool() ? PAGE_OK : PAGE_PINNED;
	if (pinned || nondet_bool())
		return nondet_bool() ? PAGE_PINNED : PAGE_NO_MEMORY;
	pinned = true;
	return PAGE_OK;
}

void guestpage_unpin(struct guest_range page)
{
	if (page.r.start.v != gpa)
		return;
	__CPROVER_assert(pinned, "pinned before");
	pinned = false;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	(void)from;
	__CPROVER_assert(to.r.start.v != gpa || pinned, "pinned first");
	__CPROVER_assert(off + size <= sizeof(struct svsm_ca),
			 "its first bytes");
	return nondet_bool() ? OK : ERR_HOST;
}

enum err kmap_replace(void *va, struct pa pa, enum kmap_use use)
{
	uint64_t n = (uint64_t)((char *)va - &windows[0][0]);

	(void)use;
	__CPROVER_assert(n < sizeof(windows), "a window");
	if (n % 2 == 0)
		shown[n / 2] = pa.v;
	return OK;
}

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	return kmap_replace(va, pa, use);
}

enum err page_take(struct pa *out)
{
	(void)out;
	return ERR_NOMEM;
}

enum err heap_pages(size_t bytes, void **out)
{
	(void)bytes;
	(void)out;
	return ERR_NOMEM;
}

/* The index is lib/pageindex's affair. */
uint32_t pageindex_words(uint32_t pages)
{
	return pages;
}

struct pageindex pageindex_make(uint64_t *entry, uint32_t words)
{
	return (struct pageindex){ entry, words, 0 };
}

bool pageindex_find(const struct pageindex *x, uint64_t page, uint32_t *value)
{
	(void)x;
	(void)page;
	*value = 0;
	return nondet_bool();
}

void pageindex_set(const struct pageindex *x, uint64_t page, uint32_t value)
{
	(void)x;
	(void)page;
	(void)value;
}

void pageindex_drop(const struct pageindex *x, uint64_t page)
{
	(void)x;
	(void)page;
}

/* Used by a slot means pinned; a slot's window shows its area, and nothing of
 * the guest's when it has none. */
static bool sound(void)
{
	bool used = false;

	for (unsigned int i = 0; i < VCPU_SLOTS; i++) {
		const struct vcpu_slot *s = &vcpu.slot[i];

		used |= s->vmsa.v && s->caa.v == gpa;
		if (shown[i] != (s->vmsa.v ? s->caa.v : no_page.v))
			return false;
	}
	return used == pinned;
}

static uint64_t page_any(void)
{
	return (1 + any_upto(5)) * PAGE_4K;
}

static void state_any(void)
{
	gpa = page_any();
	no_page.v = 0;
	pinned = nondet_bool();
	for (unsigned int i = 0; i < VCPU_SLOTS; i++) {
		vcpu.slot[i].vmsa.v = nondet_bool() ? page_any() : 0;
		vcpu.slot[i].caa.v = page_any();
		vcpu.ca[i] = (struct svsm_ca *)&windows[i][0];
		vcpu.vmsa[i] = (struct vmsa *)&windows[i][1];
		shown[i] = vcpu.slot[i].vmsa.v ? vcpu.slot[i].caa.v : 0;
	}
	vcpus = &vcpu;
	vcpu_count = 1;
	cpu.vcpu = &vcpu;
	proof_gs = &cpu;
	__CPROVER_assume(sound());
}

/* As vcpu_remap_call does. */
static void remap(struct vcpu_held held, unsigned int slot, struct pa caa)
{
	enum err e = OK;
	bool good;

	GIVEN(vcpu.slot[slot].vmsa.v);
	if (vcpu.slot[slot].caa.v != caa.v)
		e = vcpu_caa_take(held, NULL, caa);
	if (e == OK)
		vcpu_caa_move(held, &vcpu, slot, caa);
	good = sound();
	PROVE(good);
	SEEN(e == OK && caa.v == gpa);
	SEEN(e == OK && caa.v != gpa && pinned);
}

/* As CREATE_VCPU: taken, then in a slot, or given back. */
static void create(struct vcpu_held held, struct pa caa)
{
	bool shares = nondet_bool(), good;
	struct vcpu_slot to = { { page_any() }, caa, false };
	unsigned int slot;

	if (vcpu_slot_free(held, &vcpu, &slot) != OK)
		return;
	PROVE(slot < VCPU_SLOTS && !vcpu.slot[slot].vmsa.v);
	if (vcpu_caa_take(held, shares ? &vcpu : NULL, caa) != OK) {
		good = sound();
		PROVE(good);
		return;
	}
	if (nondet_bool())
		vcpu_slot_set(held, &vcpu, slot, to);
	else
		vcpu_caa_give(held, &vcpu, caa);
	good = sound();
	PROVE(good);
}

/* As DELETE_VCPU. */
static void delete (struct vcpu_held held, unsigned int slot)
{
	struct pa caa = vcpu.slot[slot].caa;
	bool good;

	GIVEN(vcpu.slot[slot].vmsa.v);
	vcpu_slot_clear(held, &vcpu, slot);
	vcpu_caa_give(held, &vcpu, caa);
	good = sound();
	PROVE(good);
}

int main(void)
{
	unsigned int slot = (unsigned int)any_upto(VCPU_SLOTS - 1);
	struct vcpu_held held;
	struct pa caa = { page_any() };

	state_any();
	held = vcpu_lock();
	switch (nondet_u8() % 3) {
	case 0:
		remap(held, slot, caa);
		break;
	case 1:
		create(held, caa);
		break;
	default:
		delete (held, slot);
		break;
	}
	vcpu_unlock(held);
	PROVE(!proof_locks);
	return 0;
}

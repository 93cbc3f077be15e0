/* SPDX-License-Identifier: MIT */
/* Guest page tables in all four paging modes, read by software. */
#include "emu/guestmem.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "lib/str.h"

#define RIGHTS (PTE_P | PTE_W | PTE_U)

struct mode {
	unsigned levels;
	unsigned bits;		/* index bits of a level */
	unsigned entry;		/* bytes */
	bool top_has_no_rights; /* PAE: entries of the PDPT */
};

static struct mode mode_of(const struct vmcb_save *s)
{
	if (s->efer & EFER_LMA)
		return (struct mode){ s->cr4 & CR4_LA57 ? 5 : 4, 9, 8, false };
	if (s->cr4 & CR4_PAE)
		return (struct mode){ 3, 9, 8, true };
	return (struct mode){ 2, 10, 4, false };
}

static bool canonical(uint64_t va, unsigned levels)
{
	unsigned shift = 64 - (12 + 9 * levels);

	return (uint64_t)((int64_t)(va << shift) >> shift) == va;
}

static bool load_entry(uint64_t table, unsigned index, unsigned bytes,
		       uint64_t *entry)
{
	const void *p = guestmem_ptr(table + (uint64_t)index * bytes, bytes);

	*entry = 0;
	if (!p)
		return false;
	memcpy(entry, p, bytes);
	return true;
}

/* Rights of the whole path against one access. Write protection of ring 0 is
 * optional (CR0.WP). */
static bool allowed(const struct vmcb_save *s, uint64_t rights, uint32_t access)
{
	bool user = access & GUESTMEM_USER;

	if (user && !(rights & PTE_U))
		return false;
	if ((access & GUESTMEM_WRITE) && !(rights & PTE_W))
		return !user && !(s->cr0 & CR0_WP);
	return true;
}

static enum guestmem_fault page_fault(uint32_t access, uint32_t present,
				      uint32_t *error)
{
	*error = present | (access & GUESTMEM_WRITE ? PF_W : 0) |
		 (access & GUESTMEM_USER ? PF_U : 0);
	return GUESTMEM_NOT_MAPPED;
}

static enum guestmem_fault walk_unpaged(uint64_t va, uint64_t *gpa)
{
	*gpa = (uint32_t)va;
	if (guestmem_is_ram(*gpa, 1))
		*gpa |= CBIT;
	return GUESTMEM_OK;
}

static bool is_leaf(const struct vmcb_save *s, struct mode m, unsigned level,
		    uint64_t entry)
{
	if (level == 0)
		return true;
	if (!(entry & PTE_PS) || level >= 3)
		return false;
	if (m.levels == 2)
		return s->cr4 & CR4_PSE;
	return !(m.top_has_no_rights && level == 2);
}

enum guestmem_fault guestmem_walk(struct vcpu *c, uint64_t va, uint32_t access,
				  uint64_t *gpa, uint32_t *error)
{
	const struct vmcb_save *s = &c->vmcb->save;
	struct mode m = mode_of(s);
	uint64_t table = s->cr3 & (PTE_ADDR & ~CBIT), rights = RIGHTS, entry;

	*error = 0;
	if (!(s->cr0 & CR0_PG))
		return walk_unpaged(va, gpa);
	if (!(s->efer & EFER_LMA)) {
		va = (uint32_t)va;
		/* 32-byte aligned with PAE; no C-bit fits into 32 bits. */
		table = s->cr3 & (m.levels == 3 ? ~0x1full : ~0xfffull);
	} else if (!canonical(va, m.levels)) {
		return page_fault(access, 0, error);
	}
	for (unsigned level = m.levels; level-- > 0;) {
		unsigned shift = 12 + m.bits * level;
		unsigned index = (unsigned)(va >> shift) & ((1u << m.bits) - 1);
		uint64_t offset = (1ull << shift) - 1;

		if (!load_entry(table, index, m.entry, &entry))
			return GUESTMEM_NOT_RAM;
		if (!(entry & PTE_P))
			return page_fault(access, 0, error);
		if (!(m.top_has_no_rights && level == 2))
			rights &= entry;
		if (is_leaf(s, m, level, entry)) {
			*gpa = (entry & PTE_ADDR & ~offset) | (va & offset);
			if (allowed(s, rights, access))
				return GUESTMEM_OK;
			return page_fault(access, PF_P, error);
		}
		table = entry & PTE_ADDR & ~CBIT;
	}
	return GUESTMEM_NOT_RAM;
}

/* RMP and VMPL decide about every byte that is moved in the guest's name. */
static bool rmp_allows(struct vcpu *c, uint64_t gpa, bool write)
{
	struct rmp_at at = guestmem_at(gpa & ~CBIT);
	uint32_t access = write ? RMP_WRITE : 0;

	if (!(gpa & CBIT))
		return !rmp_is_private(&machine.rmp, at.spa);
	return rmp_check(&machine.rmp, c->vmpl, at, access | RMP_CBIT) ==
	       RMP_OK;
}

static enum guestmem_fault locate(struct vcpu *c, uint64_t va, size_t size,
				  bool write, void **at)
{
	uint64_t gpa;
	uint32_t error;
	enum guestmem_fault f;

	f = guestmem_walk(c, va, write ? GUESTMEM_WRITE : 0, &gpa, &error);
	if (f != GUESTMEM_OK)
		return f;
	if (!rmp_allows(c, gpa, write))
		return GUESTMEM_DENIED;
	*at = guestmem_ptr(gpa & ~CBIT, size);
	return *at ? GUESTMEM_OK : GUESTMEM_NOT_RAM;
}

static enum guestmem_fault copy(struct vcpu *c, uint64_t va, uint8_t *ours,
				size_t size, bool write, uint64_t *fault_va)
{
	enum guestmem_fault f;
	void *at;

	while (size) {
		size_t n = PAGE_4K - (va & (PAGE_4K - 1));

		if (n > size)
			n = size;
		f = locate(c, va, n, write, &at);
		if (f != GUESTMEM_OK) {
			if (fault_va)
				*fault_va = va;
			return f;
		}
		if (write)
			memcpy(at, ours, n);
		else
			memcpy(ours, at, n);
		va += n;
		ours += n;
		size -= n;
	}
	return GUESTMEM_OK;
}

enum guestmem_fault guestmem_read(struct vcpu *c, uint64_t va, void *to,
				  size_t size, uint64_t *fault_va)
{
	return copy(c, va, to, size, false, fault_va);
}

enum guestmem_fault guestmem_write(struct vcpu *c, uint64_t va,
				   const void *from, size_t size,
				   uint64_t *fault_va)
{
	/* copy() only reads ours when it writes to the guest. */
	return copy(c, va, (uint8_t *)(uintptr_t)from, size, true, fault_va);
}

size_t guestmem_fetch(struct vcpu *c, uint8_t *to, size_t max)
{
	const struct vmcb_save *s = &c->vmcb->save;
	uint64_t va = s->rip, gpa, n;
	uint32_t error;
	size_t done = 0;
	const void *p;

	if (!(s->cs.attr & SEG_L) || !(s->efer & EFER_LMA))
		va = (uint32_t)(va + s->cs.base);
	while (done < max) {
		n = PAGE_4K - (va & (PAGE_4K - 1));
		if (n > max - done)
			n = max - done;
		if (guestmem_walk(c, va, 0, &gpa, &error) != GUESTMEM_OK)
			break;
		p = guestmem_ptr(gpa & ~CBIT, n);
		if (!p)
			break;
		memcpy(to + done, p, n);
		done += n;
		va += n;
	}
	return done;
}

/* SPDX-License-Identifier: MIT */
/* See mm.h. */
#include "tests/fake/mm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "abi/snp/rmp.h"
#include "hw/snp.h"
#include "kernel/mm/guestmem.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/pvalidva.h"
#include "kernel/mm/tmpmap.h"

enum err fake_state_answer;
uint64_t fake_state_pages;
unsigned int fake_windows;
unsigned int fake_kmap_left;
jmp_buf fake_panic;
static struct percpu cpu;
char fake_console[4096];

void fake_mm_reset(uint64_t ram_size)
{
	fake_reset(ram_size);
	fake_state_answer = OK;
	fake_state_pages = 0;
	fake_windows = 0;
	fake_kmap_left = ~0u;
	fake_console[0] = 0;
	munmap((void *)FAKE_PVALID_VA, 2 * PVALID_VA_SIZE);
	memset(&cpu, 0, sizeof(cpu));
	cpu.self = &cpu;
	fake.gs = &cpu;
	platform_select(&platform_fake);
}

/* A page of the validation record at its second address. */
void fake_record_map(void *va, struct pa pa)
{
	uint64_t at = (uint64_t)va - FAKE_PVALID_VA;

	if (at >= 2 * PVALID_VA_SIZE)
		return;
	if (mremap(fake.ram + pa.v, 0, PAGE_4K, MREMAP_MAYMOVE | MREMAP_FIXED,
		   va) != va)
		abort();
}

static enum err broadcast(const struct tlb_gather *what)
{
	(void)what;
	fake.tlb_flushes++;
	return OK;
}

static bool has_guest(void)
{
	return true;
}

static void nothing(void)
{
}

static __attribute__((noreturn)) void terminate(unsigned int reason)
{
	longjmp(fake_panic, (int)reason + 1);
}

static enum err state_change(struct pa_range pages, enum page_state to)
{
	uint64_t off;

	if (fake_state_answer != OK)
		return fake_state_answer;
	fake_state_pages += pages.size / PAGE_4K;
	for (off = 0; off < pages.size; off += PAGE_4K) {
		if (to == PAGE_PRIVATE)
			rmp_psc_private(&fake.rmp,
					rmp_same(pages.start.v + off),
					RMP_PG_SIZE_4K);
		else
			rmp_psc_shared(&fake.rmp, pages.start.v + off,
				       RMP_PG_SIZE_4K);
	}
	return OK;
}

static enum page_result validate(void *va, enum page_size size, bool on)
{
	bool carry;
	uint32_t rc = hw_pvalidate((uint64_t)va, size, on, &carry);

	if (rc == SNP_SUCCESS)
		return carry ? PAGE_NO_CHANGE : PAGE_OK;
	return rc == SNP_FAIL_SIZEMISMATCH ? PAGE_FAIL_SIZE : PAGE_FAIL_OTHER;
}

static enum page_result permit(void *va, enum page_size size, uint64_t perms)
{
	uint32_t rc =
		hw_rmpadjust((uint64_t)va, size,
			     FAKE_GUEST_VMPL | perms << RMPADJUST_PERM_SHIFT);

	return rc == SNP_SUCCESS ? PAGE_OK : (enum page_result)rc;
}

static enum page_result grant(void *va, enum page_size size)
{
	return permit(va, size, VMPL_ALL);
}

static enum page_result revoke(void *va, enum page_size size)
{
	return permit(va, size, VMPL_NONE);
}

static enum page_result save_area(void *va, bool on)
{
	uint64_t bits = RMPADJUST_VMSA | VMPL_READ << RMPADJUST_PERM_SHIFT;
	uint32_t rc = hw_rmpadjust((uint64_t)va, RMP_PG_SIZE_4K,
				   FAKE_GUEST_VMPL | (on ? bits : 0));

	return (enum page_result)rc;
}

static void flush(void)
{
	if (fake.step)
		fake.step();
	fake.tlb_flushes++;
}

static void console_put(const char *text, uint64_t size)
{
	size_t at = strlen(fake_console);

	snprintf(fake_console + at, sizeof(fake_console) - at, "%.*s",
		 (int)size, text);
}

static enum err no_timer(uint32_t microseconds)
{
	(void)microseconds;
	return ERR_UNSUPPORTED;
}

const struct platform_ops platform_fake = {
	.has_guest = has_guest,
	.name = "fake",
	.wipe = nothing,
	.terminate = terminate,
	.page_state = state_change,
	.page_validate = validate,
	.guest_grant = grant,
	.guest_revoke = revoke,
	.guest_vmsa = save_area,
	.tlb_flush = flush,
	.tlb_broadcast = broadcast,
	.timer_arm = no_timer,
	.log_write = console_put,
};

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)use;
	fake_windows++;
	return (struct tmpmap){ fake.ram + pa.v, PAGE_SIZE_4K };
}

struct tmpmap tmpmap_2m(struct pa pa)
{
	fake_windows++;
	return (struct tmpmap){ fake.ram + pa.v, PAGE_SIZE_2M };
}

struct tmpmap tmpmap_move(struct tmpmap map, struct pa pa)
{
	map.va = fake.ram + pa.v;
	return map;
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	fake_windows--;
}

/* Weak: a test may bring its own. Maps for the validation record alone. */
__attribute__((weak)) enum err kmap_page(void *va, struct pa pa,
					 enum kmap_use use)
{
	(void)use;
	if (fake_kmap_left == 0)
		return ERR_NOMEM;
	fake_kmap_left--;
	fake_record_map(va, pa);
	return OK;
}

__attribute__((weak)) enum err kmap_tables(void *va)
{
	(void)va;
	return OK;
}

__attribute__((weak)) bool guest_copy(void *to, const void *from, uint64_t size)
{
	unsigned int before = fake.violations;

	fake_touch(from, size, false);
	fake_touch(to, size, true);
	if (fake.violations != before)
		return false;
	memcpy(to, from, size);
	return true;
}

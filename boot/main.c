/* SPDX-License-Identifier: MIT */
/*
 * The boot stage's second half: 64-bit, identity-mapped. Accepts the memory
 * of the kernel's bss, builds the kernel's page tables with W^X and jumps.
 * It is linked apart from the kernel and calls nothing of it.
 */
#include "boot/main.h"

#include <stddef.h>

#include "abi/boot/launch.h"
#include "abi/boot/params.h"
#include "abi/snp/cpuid_page.h"
#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "boot/offsets.h"
#include "hw/cpu.h"
#include "hw/snp.h"

_Static_assert(offsetof(struct params, cpuid_page) == PARAMS_CPUID_PAGE, "");
_Static_assert(offsetof(struct snp_cpuid_page, fn) == CPUID_PAGE_FN, "");
_Static_assert(SNP_CPUID_MAX == CPUID_PAGE_MAX, "");
_Static_assert(sizeof(struct snp_cpuid_fn) == CPUID_FN_SIZE, "");
_Static_assert(offsetof(struct snp_cpuid_fn, ebx) == CPUID_FN_EBX, "");

#define ENTRY (PTE_P | PTE_W | PTE_A | PTE_D)

/* From the linker script; physical addresses. */
extern char _boot_start[], _text_start[], _rodata_start[], _data_start[],
	_bss_start[], _bss_end[], _boot_tables[], _boot_cpu0[];

/* Pages of _boot_tables, in order. */
enum table {
	TABLE_ROOT,
	TABLE_TOP, /* slot 511 of the root: the kernel's 512 GiB */
	TABLE_IMAGE_PD,
	TABLE_IMAGE,
	TABLE_CPU_PD,
	TABLE_CPU,
};

boot_data struct boot_launch boot_launch;

_Noreturn static void boot_fail(void)
{
	for (;;) {
		hw_wrmsr(MSR_GHCB,
			 GHCB_MSR_TERMINATE |
				 TERM_SET_COIR << GHCB_MSR_TERM_SET_SHIFT |
				 BOOT_REASON << GHCB_MSR_TERM_REASON_SHIFT);
		hw_vmgexit();
	}
}

/* The parameter page is measured: this only catches a builder's mistake. */
static void params_check(const struct params *p, uint64_t at)
{
	uint64_t end = SVSM_BASE + p->image_size;

	if (p->magic != PARAMS_MAGIC || p->version != PARAMS_VERSION ||
	    p->svsm_base != SVSM_BASE || p->image_size > SVSM_IMAGE_MAX ||
	    p->image_size % BOOT_PAGE != 0)
		boot_fail();
	if (at < (uint64_t)_bss_end || at >= end ||
	    p->cpuid_page < (uint64_t)_bss_end || p->cpuid_page >= end ||
	    p->secrets_page < (uint64_t)_bss_end || p->secrets_page >= end)
		boot_fail();
}

/* bss is in the image's range but not in the image: private memory that
 * nobody accepted yet, with contents of the host's choice. */
static void bss_accept(void)
{
	char *page;
	bool carry;

	for (page = _bss_start; page < _bss_end; page += BOOT_PAGE) {
		if (hw_pvalidate((uint64_t)page, RMP_PG_SIZE_4K, true,
				 &carry) != SNP_SUCCESS)
			boot_fail();
		/* Already valid: the host plays two pages against us. */
		if (carry)
			boot_fail();
		hw_rep_stosq(page, 0, BOOT_PAGE / 8);
	}
}

static uint64_t *table(enum table t)
{
	return (uint64_t *)(_boot_tables + t * BOOT_PAGE);
}

static void table_link(enum table upper, unsigned int slot, enum table lower)
{
	table(upper)[slot] = (uint64_t)table(lower) | ENTRY | boot_launch.c_bit;
}

/* Maps [from, to) at its place behind KERNEL_VA. */
static void image_map(uint64_t from, uint64_t to, uint64_t flags)
{
	uint64_t pa;

	for (pa = from; pa < to; pa += BOOT_PAGE)
		table(TABLE_IMAGE)[(pa - SVSM_BASE) / BOOT_PAGE] =
			pa | PTE_P | PTE_A | PTE_D | boot_launch.c_bit | flags;
}

static void tables_build(const struct params *p)
{
	uint64_t end = SVSM_BASE + p->image_size;

	table_link(TABLE_ROOT, SELF_SLOT, TABLE_ROOT);
	/* The self-map must not make tables executable. */
	table(TABLE_ROOT)[SELF_SLOT] |= PTE_NX;
	table_link(TABLE_ROOT, 511, TABLE_TOP);
	table_link(TABLE_TOP, 510, TABLE_IMAGE_PD);
	table_link(TABLE_IMAGE_PD, 0, TABLE_IMAGE);
	table_link(TABLE_TOP, 0, TABLE_CPU_PD);
	table_link(TABLE_CPU_PD, 0, TABLE_CPU);

	image_map((uint64_t)_boot_start, (uint64_t)_text_start, PTE_NX);
	image_map((uint64_t)_text_start, (uint64_t)_rodata_start, 0);
	image_map((uint64_t)_rodata_start, (uint64_t)_data_start, PTE_NX);
	image_map((uint64_t)_data_start, (uint64_t)_bss_end, PTE_W | PTE_NX);
	image_map((uint64_t)_bss_end, end, PTE_NX);
	/* The kernel wipes the keys in it. */
	image_map(p->secrets_page, p->secrets_page + BOOT_PAGE, PTE_W | PTE_NX);
}

/* The first CPU's record and stacks, at the addresses all CPUs have. Its
 * reserve lies behind them, unmapped. */
static void cpu0_map(void)
{
	static const uint8_t pages[] = { CPU_AREA_LIST };
	unsigned int i;

	_Static_assert(sizeof(pages) == CPU_AREA_PAGES,
		       "each page has a place");
	_Static_assert(CPU_AREA_PAGES + CPU_STACK_RESERVE == 7 &&
			       CPU_STACK_SPARES == 2,
		       "as in kernel.lds");
	for (i = 0; i < sizeof(pages); i++)
		table(TABLE_CPU)[pages[i]] =
			((uint64_t)_boot_cpu0 + i * BOOT_PAGE) | ENTRY |
			PTE_NX | boot_launch.c_bit;
}

void boot_map(const struct params *p)
{
	tables_build(p);
	cpu0_map();
	boot_launch.root = (uint64_t)_boot_tables;
	boot_launch.image_size = p->image_size;
	boot_launch.magic = BOOT_LAUNCH_MAGIC;
}

_Noreturn void boot_go(void)
{
	boot_jump(KERNEL_VA + ((uint64_t)&boot_launch - SVSM_BASE),
		  boot_launch.root | boot_launch.c_bit);
}

_Noreturn void boot_main(uint64_t params_pa, uint64_t c_bit)
{
	const struct params *p = (const struct params *)params_pa;

	boot_launch.sev_status = hw_rdmsr(MSR_SEV_STATUS);
	/* Without SNP the host owns all of this memory: do not go on. */
	if ((boot_launch.sev_status & SEV_STATUS_OF(SEV_FEATURE_SNP)) !=
	    SEV_STATUS_OF(SEV_FEATURE_SNP))
		boot_fail();
	params_check(p, params_pa);
	boot_launch.params = params_pa;
	boot_launch.c_bit = c_bit;
	boot_launch.platform = BOOT_PLATFORM_SNP;
	bss_accept();
	boot_map(p);
	boot_go();
}

/* SPDX-License-Identifier: MIT */
/* The boot stage: what it accepts, the tables it builds, when it gives up. */
/* test-sources: boot/main.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
/* test-libs: -no-pie -Wl,--defsym=_boot_start=0x8000000 */
/* test-libs: -Wl,--defsym=_text_start=0x8004000 */
/* test-libs: -Wl,--defsym=_rodata_start=0x8010000 */
/* test-libs: -Wl,--defsym=_data_start=0x8012000 */
/* test-libs: -Wl,--defsym=_bss_start=0x8013000 */
/* test-libs: -Wl,--defsym=_boot_tables=0x8017000 */
/* test-libs: -Wl,--defsym=_boot_cpu0=0x801d000 */
/* test-libs: -Wl,--defsym=_bss_end=0x8024000 */
#include "boot/main.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "abi/boot/launch.h"
#include "abi/boot/params.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "tests/fake/hw/fake.h"

#define C_BIT	   (1ull << 51)
#define TEXT	   0x8004000ull
#define RODATA	   0x8010000ull
#define DATA	   0x8012000ull
#define BSS	   0x8013000ull
#define TABLES	   0x8017000ull
#define CPU0	   0x801d000ull
#define BSS_END	   0x8024000ull
#define PARAMS	   BSS_END
#define CPUID_PAGE (PARAMS + 0x1000)
#define SECRETS	   (PARAMS + 0x2000)
#define IMAGE_END  (PARAMS + 0x3000)

static jmp_buf out;
static char *backing; /* what fake_reset allocated; unused but kept */
static const struct boot_launch *launch;
static uint64_t cr3;
static struct params *const params = (struct params *)PARAMS;

enum end { JUMPED = 1, GAVE_UP };

_Noreturn void boot_jump(uint64_t launch_va, uint64_t root)
{
	launch =
		(const struct boot_launch *)(launch_va - KERNEL_VA + SVSM_BASE);
	cr3 = root;
	longjmp(out, JUMPED);
}

static void host(void)
{
	longjmp(out, GAVE_UP);
}

static int setup(void **state)
{
	void *at = (void *)(uint64_t)SVSM_BASE;

	(void)state;
	assert_ptr_equal(mmap(at, SVSM_IMAGE_MAX, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 at);
	fake.ram = backing;
	fake_reset(SVSM_BASE + 2 * PAGE_2M);
	backing = fake.ram;
	fake.ram = NULL; /* identity: addresses are guest-physical */
	fake.vmgexit = host;
	fake_msr_write(MSR_SEV_STATUS, SEV_STATUS_OF(SEV_FEATURE_SNP));
	fake_launch(SVSM_BASE, BSS - SVSM_BASE);
	fake_assign(BSS, BSS_END - BSS);
	fake_launch(PARAMS, IMAGE_END - PARAMS);
	memset((void *)BSS, 0xa5, BSS_END - BSS);
	params->magic = PARAMS_MAGIC;
	params->version = PARAMS_VERSION;
	params->svsm_base = SVSM_BASE;
	params->image_size = IMAGE_END - SVSM_BASE;
	params->cpuid_page = CPUID_PAGE;
	params->secrets_page = SECRETS;
	return 0;
}

static int boot(void)
{
	int end = setjmp(out);

	if (end)
		return end;
	boot_main(PARAMS, C_BIT);
}

/* The leaf entry for a kernel address, 0 if a level is absent. */
static uint64_t leaf(uint64_t va)
{
	uint64_t entry = cr3;
	int level;

	for (level = 3; level >= 0; level--) {
		const uint64_t *table =
			(const uint64_t *)(entry & PTE_ADDR & ~C_BIT);

		entry = table[PT_INDEX(va, level)];
		if (!(entry & PTE_P))
			return 0;
		/* Tables and pages alike are private memory. */
		assert_true(entry & C_BIT);
	}
	return entry;
}

static void image_is_mapped_with_least_rights(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(boot(), JUMPED);
	for (pa = SVSM_BASE; pa < SVSM_BASE + SVSM_IMAGE_MAX; pa += PAGE_4K) {
		uint64_t e = leaf(KERNEL_VA + (pa - SVSM_BASE));
		bool w = (pa >= DATA && pa < BSS_END) || pa == SECRETS;
		bool x = pa >= TEXT && pa < RODATA;

		if (pa >= IMAGE_END) {
			assert_int_equal(e, 0);
			continue;
		}
		assert_int_equal(e & PTE_ADDR & ~C_BIT, pa);
		assert_int_equal(!!(e & PTE_W), w);
		assert_int_equal(!(e & PTE_NX), x);
		assert_int_equal(e & PTE_U, 0);
	}
	/* The address at which the boot stage itself ran is gone. */
	assert_int_equal(leaf(SVSM_BASE), 0);
}

static void tables_see_themselves(void **state)
{
	uint64_t e;

	(void)state;
	assert_int_equal(boot(), JUMPED);
	assert_int_equal(cr3, TABLES | C_BIT);
	e = leaf(SELF_VA | (uint64_t)SELF_SLOT << 30 |
		 (uint64_t)SELF_SLOT << 21 | (uint64_t)SELF_SLOT << 12);
	assert_int_equal(e & PTE_ADDR & ~C_BIT, TABLES);
	assert_true(e & PTE_NX);
}

static void first_cpu_has_guarded_stacks(void **state)
{
	unsigned int i, mapped = 0;

	(void)state;
	assert_int_equal(boot(), JUMPED);
	for (i = 0; i < 512; i++) {
		uint64_t e = leaf(CPU_AREAS_VA + i * PAGE_4K);

		if (!e)
			continue;
		mapped++;
		assert_true(e & PTE_NX && e & PTE_W);
		/* The reserve for growth lies behind these, unmapped. */
		assert_in_range(e & PTE_ADDR & ~C_BIT, CPU0,
				CPU0 + CPU_AREA_PAGES * PAGE_4K - 1);
	}
	assert_int_equal(mapped, CPU_AREA_PAGES);
	assert_int_equal(
		leaf(CPU_AREAS_VA + CPU_PAGE_IST_VC * PAGE_4K - PAGE_4K), 0);
	for (i = 1; i <= CPU_STACK_FIRST; i++)
		assert_true(leaf(CPU_AREAS_VA +
				 (CPU_PAGE_STACK_TOP - i) * PAGE_4K));
	assert_true(CPU0 + (CPU_AREA_PAGES + CPU_STACK_RESERVE) * PAGE_4K <=
		    BSS_END);
}

static void bss_is_accepted_and_clear(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(boot(), JUMPED);
	for (pa = BSS; pa < BSS_END; pa += PAGE_4K)
		assert_true(fake_is_validated(pa));
	for (pa = BSS; pa < TABLES; pa++)
		assert_int_equal(*(const char *)pa, 0);
	for (pa = CPU0; pa < BSS_END; pa++)
		assert_int_equal(*(const char *)pa, 0);
	assert_int_equal(fake.violations, 0);
	assert_int_equal(launch->magic, BOOT_LAUNCH_MAGIC);
	assert_int_equal(launch->params, PARAMS);
	assert_int_equal(launch->c_bit, C_BIT);
	assert_int_equal(launch->root, TABLES);
	assert_int_equal(launch->image_size, IMAGE_END - SVSM_BASE);
	assert_int_equal(launch->sev_status, SEV_STATUS_OF(SEV_FEATURE_SNP));
}

static void host_that_plays_with_bss_ends_the_vm(void **state)
{
	(void)state;
	/* Valid before we validated it: two pages at one address. */
	fake_launch(BSS + 3 * PAGE_4K, PAGE_4K);
	assert_int_equal(boot(), GAVE_UP);
	setup(state);
	rmp_unassign(&fake.rmp, BSS_END - PAGE_4K, RMP_PG_SIZE_4K);
	assert_int_equal(boot(), GAVE_UP);
}

static void without_snp_nothing_is_done(void **state)
{
	(void)state;
	fake_msr_write(MSR_SEV_STATUS, 3);
	assert_int_equal(boot(), GAVE_UP);
	assert_int_equal(fake.pvalidates, 0);
	fake_msr_write(MSR_SEV_STATUS, 0);
	assert_int_equal(boot(), GAVE_UP);
	assert_int_equal(fake_msr_read(MSR_GHCB), 0x15100);
}

static void wrong_parameters_end_the_vm(void **state)
{
	const struct params good = *params;

	(void)state;
	params->magic++;
	assert_int_equal(boot(), GAVE_UP);
	*params = good;
	params->version++;
	assert_int_equal(boot(), GAVE_UP);
	*params = good;
	params->svsm_base += PAGE_2M;
	assert_int_equal(boot(), GAVE_UP);
	*params = good;
	params->image_size = SVSM_IMAGE_MAX + PAGE_4K;
	assert_int_equal(boot(), GAVE_UP);
	params->image_size = good.image_size - 1;
	assert_int_equal(boot(), GAVE_UP);
	*params = good;
	params->secrets_page = IMAGE_END;
	assert_int_equal(boot(), GAVE_UP);
	*params = good;
	params->cpuid_page = DATA;
	assert_int_equal(boot(), GAVE_UP);
	assert_int_equal(fake.pvalidates, 0);
	*params = good;
	assert_int_equal(boot(), JUMPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(image_is_mapped_with_least_rights,
				       setup),
		cmocka_unit_test_setup(tables_see_themselves, setup),
		cmocka_unit_test_setup(first_cpu_has_guarded_stacks, setup),
		cmocka_unit_test_setup(bss_is_accepted_and_clear, setup),
		cmocka_unit_test_setup(host_that_plays_with_bss_ends_the_vm,
				       setup),
		cmocka_unit_test_setup(without_snp_nothing_is_done, setup),
		cmocka_unit_test_setup(wrong_parameters_end_the_vm, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

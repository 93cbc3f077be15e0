/* SPDX-License-Identifier: MIT */
/* Nested tables against the RMP: what each view of each VMPL shows. */
/* test-sources: emu/npt.c emu/guestmem.c model/rmp.c model/rmp_guest.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "abi/x86/paging.h"
#include "emu/guestmem.h"
#include "emu/mm.h"
#include "emu/npt.h"
#include "emu/shootdown.h"

#define RAM_SIZE 0x1000000u
#define PAGE	 0x403000u
#define REGION	 0x400000u
#define HIDDEN	 0x40000000ull
#define DEVICE	 0xfee00000ull
#define RMP_SIZE (1ull << 32)

struct machine machine;
uint8_t fake_phys[FAKE_PHYS_SIZE] __attribute__((aligned(4096)));
uint64_t fake_pool;

static struct rmp_entry table[RMP_SIZE / PAGE_4K];
static uint64_t shootdowns;
static struct vcpu vcpu;

uint64_t shootdown_count(void)
{
	return shootdowns;
}

static int setup(void **state)
{
	(void)state;
	fake_pool = FAKE_POOL;
	memset(fake_phys, 0, RAM_SIZE);
	memset(&vcpu, 0, sizeof(vcpu));
	machine.ram[0] = (struct pa_range){ { 0 }, RAM_SIZE };
	machine.ram_count = 1;
	machine.hidden[0] = (struct pa_range){ { HIDDEN }, PAGE_2M };
	machine.hidden_count = 1;
	rmp_init(&machine.rmp, table, RMP_SIZE / PAGE_4K);
	machine.rmp.host_smashes = true;
	guestmem_init();
	npt_init();
	return 0;
}

/* What hardware would find: the leaf, or 0; *size gets its reach. */
static uint64_t leaf(uint32_t vmpl, bool unpaged, uint64_t gpa, uint64_t *size)
{
	uint64_t at = npt_root(vmpl, unpaged);

	for (unsigned level = 4; level-- > 0;) {
		const uint64_t *e = mm_ptr(at);
		uint64_t entry = e[PT_INDEX(gpa, level)];

		*size = 1ull << (12 + 9 * level);
		if (!(entry & PTE_P))
			return 0;
		if (level == 0 || (entry & PTE_PS))
			return entry;
		at = entry & PTE_ADDR;
	}
	return 0;
}

static uint64_t leaf_of(uint32_t vmpl, uint64_t gpa)
{
	uint64_t size;

	return leaf(vmpl, false, gpa, &size);
}

static void shows(uint32_t vmpl, uint64_t gpa, uint64_t want)
{
	uint64_t got = leaf_of(vmpl, gpa);

	assert_int_equal(got & (PTE_P | PTE_W | PTE_NX), want);
}

/* To private, and validated by VMPL0. */
static void accept(uint64_t gpa, uint32_t size)
{
	uint64_t pages = size ? 512 : 1;
	struct rmp_result r;

	guestmem_converted(gpa, pages);
	assert_int_equal(rmp_psc_private(&machine.rmp, rmp_same(gpa), size),
			 RMPUPDATE_OK);
	npt_update(gpa, pages);
	r = rmp_pvalidate(&machine.rmp, 0, rmp_same(gpa), size, true);
	assert_int_equal(r.kind, RMP_DONE);
	assert_int_equal(r.eax, SNP_SUCCESS);
	npt_update(gpa, pages);
}

static void grant(uint64_t gpa, uint32_t vmpl, uint64_t perms)
{
	struct rmp_result r;

	r = rmp_rmpadjust(&machine.rmp, 0, rmp_same(gpa), RMP_PG_SIZE_4K,
			  vmpl | perms << RMPADJUST_PERM_SHIFT);
	assert_int_equal(r.eax, SNP_SUCCESS);
	npt_update(gpa, 1);
}

static void map(uint32_t vmpl, uint64_t gpa, bool private)
{
	vcpu.vmpl = vmpl;
	npt_map(&vcpu, gpa, private);
}

static void shared_regions_are_large(void **state)
{
	uint64_t size;

	(void)state;
	shows(0, PAGE, 0);
	map(0, PAGE, false);
	assert_int_equal(leaf(0, false, PAGE, &size) & PTE_ADDR, REGION);
	assert_int_equal(size, PAGE_2M);
	/* Other levels have views of their own. */
	shows(1, PAGE, 0);
}

static void private_page_leaves_the_shared_view(void **state)
{
	(void)state;
	map(0, PAGE, false);
	accept(PAGE, RMP_PG_SIZE_4K);
	shows(0, PAGE, 0);
	map(0, PAGE, true);
	shows(0, PAGE | CBIT, PTE_P | PTE_W);
	assert_int_equal(leaf_of(0, PAGE | CBIT) & PTE_ADDR, PAGE);
	map(0, PAGE + PAGE_4K, false);
	shows(0, PAGE, 0);
	shows(0, PAGE + PAGE_4K, PTE_P | PTE_W);
}

static void validated_region_is_large(void **state)
{
	uint64_t size;

	(void)state;
	accept(REGION, RMP_PG_SIZE_2M);
	map(0, PAGE, true);
	assert_int_not_equal(leaf(0, false, PAGE | CBIT, &size), 0);
	assert_int_equal(size, PAGE_2M);
	/* One page taken out: the whole entry must go. */
	assert_int_equal(rmp_psc_shared(&machine.rmp, PAGE, RMP_PG_SIZE_4K),
			 RMPUPDATE_OK);
	guestmem_converted(PAGE, 1);
	npt_update(PAGE, 1);
	shows(0, PAGE | CBIT, 0);
	shows(0, (PAGE + PAGE_4K) | CBIT, 0);
	map(0, PAGE + PAGE_4K, true);
	shows(0, PAGE | CBIT, 0);
	shows(0, (PAGE + PAGE_4K) | CBIT, PTE_P | PTE_W);
}

static void lower_levels_have_what_was_granted(void **state)
{
	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	map(2, PAGE, true);
	shows(2, PAGE | CBIT, 0);
	grant(PAGE, 2, VMPL_READ);
	shows(2, PAGE | CBIT, PTE_P | PTE_NX);
	grant(PAGE, 2, VMPL_READ | VMPL_WRITE);
	shows(2, PAGE | CBIT, PTE_P | PTE_W | PTE_NX);
	grant(PAGE, 2, VMPL_ALL);
	shows(2, PAGE | CBIT, PTE_P | PTE_W);
	/* Write without read is no right at all. */
	grant(PAGE, 2, VMPL_WRITE);
	shows(2, PAGE | CBIT, 0);
	grant(PAGE, 2, VMPL_NONE);
	shows(2, PAGE | CBIT, 0);
	map(1, PAGE, true);
	shows(1, PAGE | CBIT, 0);
}

static void rescinded_page_is_gone(void **state)
{
	struct rmp_result r;

	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	map(0, PAGE, true);
	r = rmp_pvalidate(&machine.rmp, 0, rmp_same(PAGE), 0, false);
	assert_int_equal(r.eax, SNP_SUCCESS);
	npt_update(PAGE, 1);
	shows(0, PAGE | CBIT, 0);
	shows(0, PAGE, 0);
}

static void contents_change_sides(void **state)
{
	uint64_t *word = mm_ptr(PAGE), plain = 0x1122334455667788ull;

	(void)state;
	*word = plain;
	accept(PAGE, RMP_PG_SIZE_4K);
	assert_int_equal(*word, plain);
	map(0, PAGE, true);
	for (unsigned i = 0; i < 8; i++)
		assert_int_not_equal(*word >> 8 * i & 0xff,
				     plain >> 8 * i & 0xff);
	guestmem_converted(PAGE, 1);
	assert_ptr_equal(guestmem_ptr(PAGE, 8), word);
	assert_int_equal(*word, plain);
}

/* A page that waits for scrambling must not be visible through a table that
 * another page's fault has built. */
static void unsettled_page_is_not_mapped(void **state)
{
	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	accept(PAGE + PAGE_4K, RMP_PG_SIZE_4K);
	map(0, PAGE, true);
	shows(0, PAGE | CBIT, PTE_P | PTE_W);
	shows(0, (PAGE + PAGE_4K) | CBIT, 0);
}

static void unpaged_sees_ram_as_private(void **state)
{
	uint64_t size;

	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	vcpu.unpaged = true;
	map(0, PAGE, true);
	map(0, DEVICE, false);
	assert_int_not_equal(leaf(0, true, PAGE, &size), 0);
	assert_int_equal(leaf(0, true, PAGE + PAGE_4K, &size), 0);
	assert_int_equal(leaf(0, true, DEVICE, &size) & PTE_ADDR, DEVICE);
	shows(0, PAGE | CBIT, 0);
}

static void devices_and_hidden_memory(void **state)
{
	(void)state;
	map(0, DEVICE, false);
	shows(0, DEVICE, PTE_P | PTE_W);
	map(0, DEVICE, true);
	shows(0, DEVICE | CBIT, 0);
	map(0, HIDDEN, false);
	shows(0, HIDDEN, 0);
	map(0, HIDDEN, true);
	shows(0, HIDDEN | CBIT, 0);
}

static void alias_is_for_one_level(void **state)
{
	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	grant(PAGE, 2, VMPL_READ);
	guestmem_settle(PAGE, 1);
	npt_open_alias(2, PAGE);
	map(2, PAGE, false);
	shows(2, PAGE, PTE_P | PTE_NX);
	map(0, PAGE, false);
	shows(0, PAGE, 0);
	grant(PAGE, 2, VMPL_NONE);
	shows(2, PAGE, 0);
}

/* A table out of use is not touched before a shootdown. */
static void unlinked_table_rests(void **state)
{
	uint64_t entry, *old;

	(void)state;
	accept(PAGE, RMP_PG_SIZE_4K);
	map(0, PAGE, true);
	old = mm_ptr(npt_root(0, false));
	for (unsigned level = 3; level > 0; level--) {
		entry = old[PT_INDEX(PAGE | CBIT, level)];
		old = mm_ptr(entry & PTE_ADDR);
	}
	entry = old[PT_INDEX(PAGE, 0)];
	assert_true(entry & PTE_P);
	npt_update(REGION, 512);
	shows(0, PAGE | CBIT, 0);
	map(0, PAGE + PAGE_2M, false);
	assert_int_equal(old[PT_INDEX(PAGE, 0)], entry);
}

static void flash_lies_elsewhere(void **state)
{
	uint64_t flash = RMP_SIZE - PAGE_2M, host;

	(void)state;
	assert_int_equal(guestmem_add_flash(flash, PAGE_2M), OK);
	host = guestmem_host(flash);
	assert_int_not_equal(host, flash);
	accept(flash, RMP_PG_SIZE_4K);
	map(0, flash, true);
	assert_int_equal(leaf_of(0, flash | CBIT) & PTE_ADDR, host);
	assert_int_equal(guestmem_add_flash(flash, PAGE_2M), ERR_EXISTS);
}

static void exchanged(uint64_t a, uint64_t b)
{
	npt_update(a, 1);
	npt_update(b, 1);
}

/* The entry of the frame says where it belongs. */
static void pages_in_each_others_frames_are_not_mapped(void **state)
{
	uint64_t other = PAGE + PAGE_4K;

	(void)state;
	accept(REGION, RMP_PG_SIZE_2M);
	map(0, PAGE, true);
	assert_true(guestmem_swap(PAGE, other));
	assert_false(guestmem_swap(PAGE, other + PAGE_4K));
	exchanged(PAGE, other);
	assert_int_equal(guestmem_host(PAGE + 5), other + 5);
	assert_int_equal(guestmem_frame(other), PAGE);
	map(0, PAGE, true);
	map(0, other, true);
	shows(0, PAGE | CBIT, 0);
	shows(0, other | CBIT, 0);
	shows(0, (other + PAGE_4K) | CBIT, PTE_P | PTE_W);
	assert_true(guestmem_unswap(other));
	assert_false(guestmem_unswap(other));
	exchanged(PAGE, other);
	map(0, PAGE, true);
	shows(0, PAGE | CBIT, PTE_P | PTE_W);
	assert_int_equal(guestmem_host(PAGE), PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shared_regions_are_large, setup),
		cmocka_unit_test_setup(private_page_leaves_the_shared_view,
				       setup),
		cmocka_unit_test_setup(validated_region_is_large, setup),
		cmocka_unit_test_setup(lower_levels_have_what_was_granted,
				       setup),
		cmocka_unit_test_setup(rescinded_page_is_gone, setup),
		cmocka_unit_test_setup(contents_change_sides, setup),
		cmocka_unit_test_setup(unsettled_page_is_not_mapped, setup),
		cmocka_unit_test_setup(unpaged_sees_ram_as_private, setup),
		cmocka_unit_test_setup(devices_and_hidden_memory, setup),
		cmocka_unit_test_setup(alias_is_for_one_level, setup),
		cmocka_unit_test_setup(unlinked_table_rests, setup),
		cmocka_unit_test_setup(flash_lies_elsewhere, setup),
		cmocka_unit_test_setup(
			pages_in_each_others_frames_are_not_mapped, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

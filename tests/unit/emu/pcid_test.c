/* SPDX-License-Identifier: MIT */
/* MOV to CR3, to and from CR4 with PCIDs: APM vol 2, 5.5.1. */
/* test-sources: emu/pcid.c lib/insn/decode.c lib/insn/group.c */
/* test-sources: lib/insn/operand.c lib/insn/simd.c lib/insn/table.c */
#include "emu/pcid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "emu/cpuid.h"
#include "emu/cr.h"
#include "emu/flushes.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/stop.h"

#define MOV_LENGTH 3u
#define BASE	   ((uint64_t)(CR4_PAE | CR4_MCE))

struct machine machine;

static struct vmcb vmcb;
static struct vcpu vcpu;
static const uint8_t *code;
static enum insn_mode mode;
static unsigned int faults, flushes, lines;

static const uint8_t to_cr3[] = { 0x0f, 0x22, 0xd8 };	/* from RAX */
static const uint8_t to_cr4[] = { 0x0f, 0x22, 0xe0 };	/* from RAX */
static const uint8_t from_cr4[] = { 0x0f, 0x20, 0xe1 }; /* to RCX */

bool cr_decode(struct vcpu *c, struct insn *out)
{
	(void)c;
	return insn_decode(code, MOV_LENGTH, mode, out) == INSN_OK;
}

enum insn_mode cr_code_mode(const struct vcpu *c)
{
	(void)c;
	return mode;
}

/* UMIP, SMEP and SMAP exist; LA57 does not. */
struct cpuid_regs cpuid_guest(uint32_t leaf, uint32_t subleaf, uint64_t xcr0)
{
	struct cpuid_regs r = { 0, 0, 0, 0 };

	(void)subleaf;
	(void)xcr0;
	if (leaf == CPUID_LEAF_FEATURES)
		r.ecx = CPUID_1_ECX_PCID;
	if (leaf == CPUID_LEAF_STRUCTURED) {
		r.ebx = CPUID_7_EBX_SMEP | CPUID_7_EBX_SMAP;
		r.ecx = CPUID_7_ECX_UMIP;
	}
	return r;
}

void inject_gp(struct vcpu *c)
{
	(void)c;
	faults++;
}

void flushes_note(struct vcpu *c, unsigned kind)
{
	(void)c;
	assert_int_equal(kind, GHCB_MSR_FLUSHES_CR3);
	flushes++;
}

void log_line(const char *format, ...)
{
	(void)format;
	lines++;
}

void stop_guest(struct vcpu *c, enum stop_status status, const char *format,
		...)
{
	(void)c;
	(void)status;
	(void)format;
	abort();
}

static int setup(void **state)
{
	(void)state;
	memset(&vmcb, 0, sizeof(vmcb));
	memset(&vcpu, 0, sizeof(vcpu));
	memset(&machine, 0, sizeof(machine));
	machine.options.pcid = true;
	vcpu.vmcb = &vmcb;
	vcpu.vmpl = 2;
	vmcb.save.efer = EFER_LMA | EFER_LME;
	vmcb.save.cr4 = BASE;
	mode = INSN_64;
	faults = flushes = lines = 0;
	return 0;
}

/* False: #GP, and nothing else happened. */
static bool mov_to(const uint8_t *mov, uint64_t value)
{
	struct vmcb_save old = vmcb.save;
	unsigned int before = faults;

	code = mov;
	vcpu.gpr[RAX] = value;
	if (mov == to_cr3)
		pcid_exit_cr3_write(&vcpu);
	else
		pcid_exit_cr4_write(&vcpu);
	if (faults == before) {
		assert_int_equal(vmcb.save.rip, old.rip + MOV_LENGTH);
		return true;
	}
	assert_memory_equal(&vmcb.save, &old, sizeof(old));
	return false;
}

static uint64_t cr4(void)
{
	code = from_cr4;
	pcid_exit_cr4_read(&vcpu);
	assert_false(vmcb.save.cr4 & CR4_PCIDE); /* the processor has none */
	return vcpu.gpr[RCX];
}

static void pcide_is_kept_by_us(void **state)
{
	(void)state;
	assert_true(mov_to(to_cr4, BASE | CR4_PCIDE | CR4_SMEP));
	assert_int_equal(vmcb.save.cr4, BASE | CR4_SMEP);
	assert_int_equal(cr4(), BASE | CR4_PCIDE | CR4_SMEP);
	/* The level's, and nobody else's. */
	vcpu.vmpl = 0;
	assert_int_equal(cr4(), BASE | CR4_SMEP);
	vcpu.vmpl = 2;
	assert_true(mov_to(to_cr4, BASE));
	assert_int_equal(cr4(), BASE);
}

static void pcide_needs_long_mode_and_pcid_0(void **state)
{
	(void)state;
	vmcb.save.cr3 = 0x5001;
	assert_false(mov_to(to_cr4, BASE | CR4_PCIDE));
	vmcb.save.cr3 = 0x5000;
	vmcb.save.efer = 0;
	assert_false(mov_to(to_cr4, BASE | CR4_PCIDE));
	vmcb.save.efer = EFER_LMA | EFER_LME;
	assert_true(mov_to(to_cr4, BASE | CR4_PCIDE));
	/* Once on, other bits may change under any PCID. */
	assert_true(mov_to(to_cr3, 0x5001));
	assert_true(mov_to(to_cr4, BASE | CR4_PCIDE | CR4_UMIP));
}

static void bits_without_their_feature(void **state)
{
	(void)state;
	assert_true(mov_to(to_cr4, BASE | CR4_SMAP | CR4_UMIP | CR4_PGE));
	assert_false(mov_to(to_cr4, BASE | CR4_LA57));
	assert_false(mov_to(to_cr4, BASE | CR4_OSXSAVE));
	assert_false(mov_to(to_cr4, BASE | 1u << 13)); /* VMXE */
	assert_false(mov_to(to_cr4, BASE | 1ull << 32));
	assert_false(mov_to(to_cr4, CR4_MCE)); /* long mode without PAE */
	mode = INSN_32;
	assert_true(mov_to(to_cr4, BASE | 1ull << 32)); /* EAX alone */
}

static void bit_63(void **state)
{
	(void)state;
	assert_false(mov_to(to_cr3, 0x5000 | CR3_NOFLUSH));
	assert_true(mov_to(to_cr4, BASE | CR4_PCIDE));
	assert_true(mov_to(to_cr3, 0x5007));
	assert_int_equal(vmcb.save.cr3, 0x5007);
	assert_int_equal(flushes, 1);
	assert_true(mov_to(to_cr3, 0x6003 | CR3_NOFLUSH));
	assert_true(mov_to(to_cr3, 0x6004 | CR3_NOFLUSH));
	assert_int_equal(vmcb.save.cr3, 0x6004);
	assert_int_equal(flushes, 1); /* what is kept is no flush */
	assert_int_equal(lines, 1);
	assert_false(mov_to(to_cr3, 1ull << 48));
	assert_false(mov_to(to_cr3, 1ull << 62 | CR3_NOFLUSH));
}

static void save_areas(void **state)
{
	struct vcpu_level *l = &vcpu.level[2];
	uint64_t with = BASE | CR4_PCIDE;

	(void)state;
	assert_int_equal(pcid_cr4_load(l, with, EFER_LMA), BASE);
	assert_int_equal(cr4(), with);
	assert_int_equal(pcid_cr4_load(l, BASE, EFER_LMA), BASE);
	assert_int_equal(cr4(), BASE);
	/* VMRUN refuses these two. */
	assert_int_equal(pcid_cr4_load(l, with, 0), with);
	machine.options.pcid = false;
	assert_int_equal(pcid_cr4_load(l, with, EFER_LMA), with);
	assert_false(l->pcide);
}

static void intercepts(void **state)
{
	(void)state;
	pcid_enter_level(&vcpu);
	assert_int_equal(vmcb.intercept_cr, 1u << 4 | 1u << 19 | 1u << 20);
	vmcb.intercept_cr = 0;
	machine.options.pcid = false;
	pcid_enter_level(&vcpu);
	assert_int_equal(vmcb.intercept_cr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pcide_is_kept_by_us, setup),
		cmocka_unit_test_setup(pcide_needs_long_mode_and_pcid_0, setup),
		cmocka_unit_test_setup(bits_without_their_feature, setup),
		cmocka_unit_test_setup(bit_63, setup),
		cmocka_unit_test_setup(save_areas, setup),
		cmocka_unit_test_setup(intercepts, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

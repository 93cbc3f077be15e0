/* SPDX-License-Identifier: MIT */
/* Every way from ring 3 into the kernel, and what ring 3 may not do. */
#include "tests/guest/timer/timer.h"

#include "abi/snp/cpuid_page.h"
#include "abi/snp/rmp.h"
#include "abi/boot/params.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "abi/x86/svm.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "hw/snp.h"

#define KERNEL_PAGE 0x200000ull
#define CPUID_PAGE  (0x10000ull + LAUNCH_CPUID * 4096)

static void ends(const char *what, const uint8_t *code, uint64_t rdi,
		 uint64_t vector, uint64_t error)
{
	user_run(code, rdi, 0);
	check_equal(what, trapped.vector, vector);
	check_equal(what, trapped.error, error);
	check_equal(what, trapped.cs, 0x2b);
	check_true(what, on_stack(trapped.handler_rsp, vector == TRAP_VC));
}

static void faults(const char *what, const uint8_t *code, uint64_t at,
		   uint64_t error)
{
	ends(what, code, at, TRAP_PF, error);
	check_equal(what, trapped.cr2, at);
}

static void test_faults(void)
{
	ends("UD2", u_ud2, 0, TRAP_UD, 0);
	ends("CLI", u_cli, 0, TRAP_GP, 0);
	ends("RDMSR", u_rdmsr, 0, TRAP_GP, 0);
	ends("IN", u_in, 0, TRAP_GP, 0);
	ends("not canonical", u_read, 1ull << 63, TRAP_GP, 0);
	faults("nothing there", u_read, USER_NOTHING, PF_U);
	faults("the kernel's page", u_read, KERNEL_PAGE, PF_P | PF_U);
	faults("the kernel's page written", u_write, KERNEL_PAGE,
	       PF_P | PF_U | PF_W);
	faults("read-only", u_write, USER_CONST, PF_P | PF_U | PF_W);
	faults("data executed", u_jump, USER_DATA, PF_P | PF_U | PF_ID);
	faults("the kernel executed", u_jump, KERNEL_PAGE, PF_P | PF_U | PF_ID);
	ends("a page of its own", u_read, USER_CONST, TRAP_UD, 0);
}

/* Instructions of SEV-SNP: ring 3 is refused before anything is looked at. */
static void test_snp(void)
{
	ends("PVALIDATE", u_pvalidate, USER_DATA, TRAP_GP, 0);
	ends("RMPADJUST", u_rmpadjust, USER_DATA, TRAP_GP, 0);
	ends("RMPQUERY", u_rmpquery, USER_DATA, TRAP_GP, 0);
	ends("INVLPGB", u_invlpgb, 0, TRAP_GP, 0);
	ends("TLBSYNC", u_tlbsync, 0, TRAP_GP, 0);
	ends("VMMCALL", u_vmmcall, 0, TRAP_VC, SVM_EXIT_VMMCALL);
}

static void test_vc(void)
{
	user_run(u_cpuid, 0, 0);
	check_equal("CPUID: it went on", trapped.vector, SYSCALL_EXIT);
	check_equal("CPUID: RAX", trapped.rax, 0xabcd);
	check_true("CPUID: the handler's stack is IST1",
		   on_stack(trapped.rbx, 1));
	check_equal("CPUID: R8", trapped.r8, trapped.rbx);
}

static void pvalidate_raw(bool validate)
{
	bool carry;

	check_equal("PVALIDATE by the kernel",
		    hw_pvalidate(USER_RAW, RMP_PG_SIZE_4K, validate, &carry),
		    SNP_SUCCESS);
}

static void test_not_validated(void)
{
	pvalidate_raw(false);
	ends("a page not validated", u_write, USER_RAW, TRAP_VC,
	     SVM_EXIT_PAGE_NOT_VALIDATED);
	check_equal("its address", trapped.cr2, USER_RAW);
	pvalidate_raw(true);
	ends("validated again", u_write, USER_RAW, TRAP_UD, 0);
}

static void test_syscall(void)
{
	user_run(u_calls, 0, RFLAGS_IF);
	check_equal("second system call", trapped.vector, SYSCALL_EXIT);
	check_equal("the user's GS base, before and after SYSRET", trapped.rbx,
		    0x75736572);
	check_equal("the user's GS base, before and after SYSRET", trapped.r8,
		    0x75736572);
	check_equal("SYSCALL masks IF", trapped.cs & RFLAGS_IF, 0);
	check_equal("R11 has it", trapped.rflags & RFLAGS_IF, RFLAGS_IF);
	check_true("RCX is the user's",
		   trapped.rip > USER_CODE && trapped.rip < USER_DATA);
	hw_wrmsr(MSR_EFER, hw_rdmsr(MSR_EFER) & ~(uint64_t)EFER_SCE);
	ends("SYSCALL without SCE", u_calls, 0, TRAP_UD, 0);
	hw_wrmsr(MSR_EFER, hw_rdmsr(MSR_EFER) | EFER_SCE);
}

static void read_it(uint64_t at)
{
	(void)*(volatile uint64_t *)at;
}

static void read_open(uint64_t at)
{
	hw_stac();
	read_it(at);
	hw_clac();
}

static void call_it(uint64_t at)
{
	((void (*)(void))at)();
}

static void kernel_ends(const char *what, void (*run)(uint64_t), uint64_t at,
			uint64_t vector, uint64_t error)
{
	trapped = (struct trapped){ .vector = NO_TRAP };
	kernel_try(run, at);
	check_equal(what, trapped.vector, vector);
	check_equal(what, trapped.error, error);
}

static void test_smep_smap(void)
{
	uint64_t cr4 = hw_cr4_read();
	uint64_t ud2 = USER_CODE + (uint64_t)(u_ud2 - user_text);

	kernel_ends("no SMEP", call_it, ud2, TRAP_UD, 0);
	kernel_ends("no SMAP", read_it, USER_DATA, NO_TRAP, 0);
	hw_cr4_write(cr4 | CR4_SMEP | CR4_SMAP);
	kernel_ends("SMEP", call_it, ud2, TRAP_PF, PF_P | PF_ID);
	kernel_ends("SMAP", read_it, USER_DATA, TRAP_PF, PF_P);
	kernel_ends("SMAP and STAC", read_open, USER_DATA, NO_TRAP, 0);
	kernel_ends("SMAP after CLAC", read_it, USER_DATA, TRAP_PF, PF_P);
	user_run(u_calls, 0, RFLAGS_IF);
	check_equal("ring 3 with both", trapped.vector, SYSCALL_EXIT);
	hw_cr4_write(cr4);
}

static uint32_t cpuid_reg(uint32_t leaf, bool ebx)
{
	const struct snp_cpuid_page *page = (const void *)CPUID_PAGE;

	for (uint32_t i = 0; i < page->count && i < SNP_CPUID_MAX; i++)
		if (page->fn[i].eax_in == leaf && page->fn[i].ecx_in == 0)
			return ebx ? page->fn[i].ebx : page->fn[i].ecx;
	return 0;
}

/* What a service may count on. RDRAND and RDSEED depend on QEMU. */
static void test_features(void)
{
	uint32_t ecx = cpuid_reg(CPUID_LEAF_FEATURES, false);
	uint32_t ebx = cpuid_reg(7, true);

	check_true("SSSE3, SSE4.1, SSE4.2", (ecx & 0x180200) == 0x180200);
	check_true("AES-NI, PCLMULQDQ", (ecx & 0x2000002) == 0x2000002);
	check_true("SMEP, SMAP", (ebx & 0x100080) == 0x100080);
	print("timer: RDRAND %u RDSEED %u ADX %u SHA %u\n", ecx >> 30 & 1,
	      ebx >> 18 & 1, ebx >> 19 & 1, ebx >> 29 & 1);
}

bool has_xsave(void)
{
	return cpuid_reg(CPUID_LEAF_FEATURES, false) & CPUID_1_ECX_XSAVE;
}

/* QEMU lacks XSAVEC, so that the machine itself writes: as who? */
static void test_xsave(void)
{
	if (!has_xsave())
		return;
	hw_cr4_write(hw_cr4_read() | CR4_OSXSAVE);
	hw_xsetbv(0, XCR0_X87 | XCR0_SSE | XCR0_AVX);
	ends("XSAVEC", u_xsavec, USER_DATA + 1024, TRAP_UD, 0);
	ends("XRSTOR", u_xrstor, USER_DATA + 1024, TRAP_UD, 0);
	faults("XSAVEC to the kernel", u_xsavec, KERNEL_PAGE,
	       PF_P | PF_U | PF_W);
	faults("XSAVEC to read-only memory", u_xsavec, USER_CONST,
	       PF_P | PF_U | PF_W);
	faults("XSAVEC to nowhere", u_xsavec, USER_NOTHING, PF_U | PF_W);
	ends("XRSTOR from the kernel", u_xrstor, KERNEL_PAGE, TRAP_PF,
	     PF_P | PF_U);
}

void test_ring3(void)
{
	test_features();
	test_syscall();
	test_faults();
	test_snp();
	test_vc();
	test_not_validated();
	test_smep_smap();
	test_xsave();
}

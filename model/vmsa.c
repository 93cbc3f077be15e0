/* SPDX-License-Identifier: MIT */
/* VMSA contents: entry checks and reset states, spec/snp.md 6 and 7. */
#include "model/vmsa.h"
#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "lib/addr.h"
#include "lib/str.h"

#define SEG_DPL(attr) ((attr) >> 5 & 3u)
#define HIGH_HALF     0xffffffff00000000ull
#define MXCSR_RESET   0x1f80u
#define LIMIT_64K     0xffffu
#define CR0_CACHE_OFF (CR0_CD | CR0_NW | CR0_ET)

static bool features_conflict(uint64_t features)
{
	return (features & SEV_FEATURE_RESTRICTED_INJ) &&
	       (features & SEV_FEATURE_ALTERNATE_INJ);
}

static enum vmsa_verdict features_check(const struct vmsa *v,
					const struct vmsa_rules *rules)
{
	uint64_t f = v->sev_features;

	if (!(f & SEV_FEATURE_SNP))
		return VMSA_NO_SNP;
	if (f & ~rules->features)
		return VMSA_FEATURES_RESERVED;
	if (features_conflict(f))
		return VMSA_FEATURES_CONFLICT;
	if (rules->allowed_only && (f & ~rules->allowed))
		return VMSA_FEATURES_NOT_ALLOWED;
	if ((f & SEV_FEATURE_VTOM) && (v->virtual_tom >= PA_LIMIT ||
				       !addr_aligned(v->virtual_tom, PAGE_2M)))
		return VMSA_BAD_VTOM;
	return VMSA_OK;
}

static bool is_canonical(uint64_t va)
{
	uint64_t top = va >> 47;

	return top == 0 || top == 0x1ffff;
}

static bool cr0_is_legal(uint64_t cr0)
{
	if ((cr0 & CR0_PG) && !(cr0 & CR0_PE))
		return false;
	if ((cr0 & CR0_NW) && !(cr0 & CR0_CD))
		return false;
	return !(cr0 & HIGH_HALF);
}

static enum vmsa_verdict registers_check(const struct vmsa *v)
{
	bool paging = v->cr0 & CR0_PG;
	bool long_mode = paging && (v->efer & EFER_LME);

	if (!cr0_is_legal(v->cr0))
		return VMSA_BAD_CR0;
	if (long_mode != !!(v->efer & EFER_LMA))
		return VMSA_BAD_EFER;
	if (long_mode && !(v->cr4 & CR4_PAE))
		return VMSA_BAD_CR4;
	if ((v->dr6 | v->dr7) & HIGH_HALF)
		return VMSA_BAD_DR;
	if (!(v->rflags & RFLAGS_ONE))
		return VMSA_BAD_RFLAGS;
	if (long_mode && (v->cs.attr & SEG_L) && (v->cs.attr & SEG_DB))
		return VMSA_BAD_CS;
	if (!is_canonical(v->rip))
		return VMSA_BAD_RIP;
	if (v->cpl != SEG_DPL(v->ss.attr))
		return VMSA_BAD_CPL;
	return VMSA_OK;
}

enum vmsa_verdict vmsa_check(const struct vmsa *vmsa,
			     const struct vmsa_rules *rules)
{
	enum vmsa_verdict rc;

	if (vmsa->vintr_ctrl & VINTR_CTRL_BUSY)
		return VMSA_BUSY;
	if (!(vmsa->efer & EFER_SVME))
		return VMSA_NO_SVME;
	rc = features_check(vmsa, rules);
	if (rc != VMSA_OK)
		return rc;
	if (vmsa->vmpl >= rules->vmpls)
		return VMSA_BAD_VMPL;
	return registers_check(vmsa);
}

const char *vmsa_verdict_words(enum vmsa_verdict verdict)
{
	static const char *const words[] = {
		[VMSA_OK] = "can run",
		[VMSA_BUSY] = "VINTR_CTRL.BUSY is set",
		[VMSA_NO_SVME] = "EFER.SVME is clear",
		[VMSA_NO_SNP] = "SEV_FEATURES: SNP is off",
		[VMSA_FEATURES_RESERVED] = "SEV_FEATURES: unknown bits",
		[VMSA_FEATURES_CONFLICT] =
			"SEV_FEATURES: two kinds of injection",
		[VMSA_FEATURES_NOT_ALLOWED] =
			"SEV_FEATURES: not allowed by the host",
		[VMSA_BAD_VTOM] = "VIRTUAL_TOM is not aligned",
		[VMSA_BAD_VMPL] = "no such VMPL",
		[VMSA_BAD_CR0] = "CR0 is illegal",
		[VMSA_BAD_EFER] = "EFER.LMA differs from LME and PG",
		[VMSA_BAD_CR4] = "long mode without CR4.PAE",
		[VMSA_BAD_DR] = "DR6 or DR7 is illegal",
		[VMSA_BAD_RFLAGS] = "RFLAGS bit 1 is clear",
		[VMSA_BAD_CS] = "CS has both L and D",
		[VMSA_BAD_RIP] = "RIP is not canonical",
		[VMSA_BAD_CPL] = "CPL differs from SS.DPL",
	};

	if ((size_t)verdict >= sizeof(words) / sizeof(words[0]))
		return "unknown";
	return words[verdict];
}

bool vmsa_gpa_fits(uint64_t gpa)
{
	return addr_aligned(gpa, PAGE_4K) && !addr_aligned(gpa, PAGE_2M) &&
	       gpa < PA_LIMIT;
}

void vmsa_exit_record(struct vmsa *vmsa, const struct vmsa_exit *exit)
{
	vmsa->guest_exitcode = exit->code;
	vmsa->guest_exitinfo1 = exit->info1;
	vmsa->guest_exitinfo2 = exit->info2;
	vmsa->guest_exitintinfo = exit->intinfo;
	vmsa->guest_nrip = exit->nrip;
}

void vmsa_set_svme(struct vmsa *vmsa, bool runnable)
{
	vmsa->efer &= ~(uint64_t)EFER_SVME;
	if (runnable)
		vmsa->efer |= EFER_SVME;
}

static struct vmsa_seg segment(uint16_t attr)
{
	return (struct vmsa_seg){ .attr = attr, .limit = LIMIT_64K };
}

/* What all reset states share. */
static void reset(struct vmsa *v, uint32_t vmpl, uint64_t features)
{
	memset(v, 0, sizeof(*v));
	v->cs = segment(SEG_CODE16);
	v->es = v->ss = v->ds = v->fs = v->gs = segment(SEG_DATA16);
	v->gdtr = v->idtr = segment(0);
	v->ldtr = segment(SEG_LDT);
	v->tr = segment(SEG_TSS_BUSY);
	v->vmpl = (uint8_t)vmpl;
	v->efer = EFER_SVME;
	v->cr4 = CR4_MCE;
	v->dr6 = DR6_RESET;
	v->dr7 = DR7_RESET;
	v->rflags = RFLAGS_ONE;
	v->g_pat = PAT_RESET;
	v->xcr0 = XCR0_X87;
	v->sev_features = features;
}

static void set_code(struct vmsa *v, uint16_t selector, uint64_t base,
		     uint64_t rip)
{
	v->cs.selector = selector;
	v->cs.base = base;
	v->rip = rip;
}

static void reset_fpu(struct vmsa *v, uint16_t fcw, uint16_t ftw)
{
	v->mxcsr = MXCSR_RESET;
	v->x87_fcw = fcw;
	v->x87_ftw = ftw;
}

void vmsa_reset_boot(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
		     uint32_t signature, bool fpu)
{
	reset(vmsa, vmpl, features);
	set_code(vmsa, 0xf000, 0xffff0000, 0xfff0);
	vmsa->cr0 = CR0_ET;
	vmsa->rdx = signature;
	if (fpu)
		reset_fpu(vmsa, 0x37f, 0);
}

void vmsa_reset_sipi(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
		     uint8_t vector)
{
	reset(vmsa, vmpl, features);
	set_code(vmsa, (uint16_t)(vector << 8), (uint64_t)vector << 12, 0);
	vmsa->cr0 = CR0_CACHE_OFF;
	reset_fpu(vmsa, 0x40, 0x5555);
}

void vmsa_reset_firmware(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
			 uint32_t reset_vector)
{
	reset(vmsa, vmpl, features);
	set_code(vmsa, 0xf000, reset_vector & 0xffff0000u,
		 reset_vector & 0xffffu);
	vmsa->cr0 = CR0_CACHE_OFF;
	reset_fpu(vmsa, 0x40, 0x5555);
}

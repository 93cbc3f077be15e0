/* SPDX-License-Identifier: MIT */
/* Two tags: the kernel's, and that of whatever process is loaded. */
#include "kernel/cpu/pcid.h"

#include "abi/x86/cr.h"
#include "hw/cpu.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/features.h"

#define PCID_PROCESS 1u

static uint64_t seen(const struct percpu *cpu)
{
	return __atomic_load_n(&cpu->tlb_seen, __ATOMIC_ACQUIRE);
}

/* The number first: a flush between the two reached the kernel's tag, and one
 * too many is no harm. */
void pcid_enter(struct percpu *cpu, uint64_t root)
{
	cpu->pcid_seen = seen(cpu);
	hw_cr3_write(root | (features_pcid() ? PCID_PROCESS : 0));
}

/* Without bit 63, which is never read as one. */
void pcid_flush(void)
{
	hw_cr3_write(hw_cr3_read());
}

/* The number last: until CR3 is written, another CPU's flush may come and miss
 * the kernel's tag. Between the two nothing is used that is ever unmapped. */
void pcid_leave(struct percpu *cpu, uint64_t root)
{
	if (!features_pcid()) {
		hw_cr3_write(root);
		return;
	}
	hw_cr3_write(root | CR3_NOFLUSH);
	if (seen(cpu) != cpu->pcid_seen)
		pcid_flush();
}

/* SPDX-License-Identifier: MIT */
/* The emulated machine: what is done, in order. */
#include <stdbool.h>
#include <stdint.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "emu/attack/attack.h"
#include "emu/guestmem.h"
#include "emu/home.h"
#include "emu/load.h"
#include "emu/log.h"
#include "emu/machine.h"
#include "emu/mm.h"
#include "emu/npt.h"
#include "emu/run.h"
#include "emu/smp.h"
#include "emu/stop.h"
#include "emu/vcpu.h"
#include "emu/vmcb.h"
#include "hw/cpu.h"
#include "lib/version.h"

#define SVM_FEATURE_NPT (1u << 0)
#define PHYSICAL_BITS	48u
#define FOUR_GIB	(1ull << 32)

struct machine machine;

static void check_processor(void)
{
	if (!(hw_cpuid(CPUID_LEAF_EXT_FEATURES, 0).ecx & CPUID_81_ECX_SVM) ||
	    !(hw_cpuid(CPUID_LEAF_SVM, 0).edx & SVM_FEATURE_NPT))
		stop_machine(STOP_EMULATOR, "no AMD-V with nested paging");
	if ((hw_cpuid(CPUID_LEAF_ADDRESS_SIZES, 0).eax & 0xff) < PHYSICAL_BITS)
		stop_machine(STOP_EMULATOR, "start QEMU with phys-bits=48");
}

/* QEMU 7.2 computes CMPXCHG16B's flags from stale state. */
static bool cx16_is_wrong(void)
{
	static uint64_t at[2] __attribute__((aligned(16)));

	for (uint64_t i = 0; i < 16; i++) {
		uint64_t add = i & 1 ? ~0ull : i << 59;
		uint64_t sum = 1 + add;
		uint64_t flags = run_cmpxchg16b(at, add);
		uint64_t want = (sum >> 63 ? RFLAGS_SF : 0) |
				(sum < add ? RFLAGS_CF : 0);

		if ((flags & (RFLAGS_SF | RFLAGS_CF)) != want ||
		    (flags & ~(uint64_t)RFLAGS_DEFINED) ||
		    (flags & (RFLAGS_TF | RFLAGS_IF | RFLAGS_ZF)))
			return true;
	}
	return false;
}

static void machine_init(void)
{
	uint64_t top = machine.ram_top > FOUR_GIB ? machine.ram_top : FOUR_GIB;
	uint64_t pages = top >> PAGE_SHIFT_4K;
	uint64_t table = addr_up(pages * sizeof(struct rmp_entry), PAGE_4K) >>
			 PAGE_SHIFT_4K;
	uint32_t cpus = smp_count();

	machine.cpus = cpus;
	if (machine.options.cpus > cpus)
		stop_machine(STOP_EMULATOR, "QEMU has %u processors, not %u",
			     cpus, machine.options.cpus);
	if (machine.options.cpus)
		machine.cpus = machine.options.cpus;
	rmp_init(&machine.rmp, mm_pages(table), pages);
	machine.rmp.host_smashes = true;
	machine.hide_cx16 = cx16_is_wrong();
}

/* From HOME, on a new stack: the first 16 MiB are the guest's now. */
static void main_home(void)
{
	log_line("Coir %s", coir_version);
	machine_init();
	guestmem_init();
	npt_init();
	vmcb_maps_init();
	for (uint32_t i = 0; i < machine.cpus; i++)
		(void)vcpu_create(i);
	smp_start();
	home_clean_guest();
	for (uint32_t i = 0; i < machine.ram_count; i++)
		log_line("RAM of the guest: %lx-%lx",
			 (unsigned long)machine.ram[i].start.v,
			 (unsigned long)pa_range_end(machine.ram[i]));
	log_line("%u vCPUs, %lu MiB for the emulator, CMPXCHG16B %s",
		 machine.cpus, (unsigned long)(mm_left() >> 20),
		 machine.hide_cx16 ? "hidden (flags are wrong)" : "works");
	attack_choose(machine.options.attack);
	load_guest();
	vcpu_run(machine.vcpu[0]);
}

void main_boot(uint32_t info);
void main_boot(uint32_t info)
{
	check_processor();
	home_enter(info, main_home);
}

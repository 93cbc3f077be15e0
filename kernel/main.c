/* SPDX-License-Identifier: MIT */
/* Start-up of the SVSM, as a table of contents. A failure is a panic. */
#include "abi/boot/params.h"
#include "kernel/base/log.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/desc.h"
#include "kernel/cpu/entry.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/guest/aside.h"
#include "kernel/guest/firmware.h"
#include "kernel/guest/linux.h"
#include "kernel/guest/ram.h"
#include "kernel/guest/tables.h"
#include "kernel/guest/topology.h"
#include "kernel/guest/vcpu.h"
#include "kernel/guest/xsdt.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/deed.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "kernel/native/native.h"
#include "kernel/proto/request.h"
#include "kernel/proto/vcpu.h"
#include "kernel/selftest.h"
#include "kernel/smp.h"
#include "kernel/snp/snp.h"
#include "kernel/sys/bridge.h"
#include "kernel/sys/service.h"
#include "lib/version.h"

static const struct platform_ops *platform_of(const struct boot_launch *boot)
{
	return boot->platform == BOOT_PLATFORM_NATIVE ? &platform_native
						      : &platform_snp;
}

static void *in_image(uint64_t gpa)
{
	return kmap_image((struct pa){ gpa });
}

static const struct params *params_get(const struct boot_launch *boot)
{
	const struct params *params = in_image(boot->params);

	if (params->magic != PARAMS_MAGIC || params->version != PARAMS_VERSION)
		panic("no parameter page, or of another version");
	if (params->guest_vmpl > 3 || params->range_count > PARAMS_MAX_RANGES)
		panic("the parameter page makes no sense");
	return params;
}

/* What the image alone says is ours is enough for the console: so whatever
 * the host gets wrong later can be told. */
static void first_memory_init(const struct params *params)
{
	uint64_t used =
		params->image_size + addr_up(params->services.size, PAGE_4K);
	uint64_t size = used + params->required_size;

	page_init((struct pa_range){ { params->svsm_base }, size }, used, size);
}

static uint64_t limit_of(uint64_t c_bit)
{
	return c_bit ? c_bit : PA_LIMIT;
}

static void memory_init(const struct params *params, uint64_t c_bit)
{
	const struct params_general *general = in_image(params->general.start);
	const struct memmap_host host = {
		.list = in_image(params->memory_map.start),
		.count = params->memory_map.size /
			 sizeof(struct igvm_memory_map_entry),
		.limit = limit_of(c_bit),
		.cpus = general->vp_count,
	};

	if (memmap_init(params, &host) != OK)
		panic_refused("%s", memmap_refusal());
	page_grow(memmap_svsm().size);
	heap_init((void *)HEAP_VA, HEAP_VA_SIZE);
}

static void machine_init(const struct params *params, struct percpu *cpu,
			 uint64_t c_bit)
{
	if (platform->cpu_id(&cpu->apic_id) != OK)
		panic("the host does not tell the boot CPU's APIC id");
	topology_init(params, cpu->apic_id, limit_of(c_bit));
}

/* The ACPI tables become the guest's: the record has to cover them. */
static void record_init(const struct params *params, struct tables *tables)
{
	/* Firmware makes its own. */
	if (!firmware_is_guest(params))
		tables_find(tables);
	deed_init();
	if (pvalid_init() != OK)
		panic_memory("the validation record");
}

static void guest_memory_init(const struct params *params,
			      struct tables *tables, uint64_t c_bit)
{
	ram_grant_image(params);
	if (firmware_is_guest(params)) {
		firmware_prepare(params);
		return;
	}
	if (params->flags & PARAMS_VALIDATE_ALL)
		ram_validate(params);
	tables_adopt(tables);
	xsdt_make(params, tables);
	linux_prepare(params, tables, c_bit);
}

static void summary_log(const struct params *params, uint32_t cpus)
{
	struct pa_range ours = memmap_svsm();

	log_line("Coir %s on %s: %u CPUs, %llu MiB for the guest at VMPL%u",
		 coir_version, platform->name, cpus,
		 (unsigned long long)(memmap_guest_bytes() >> 20),
		 params->guest_vmpl);
	log_line("own memory 0x%llx-0x%llx, %llu KiB used, stack %llu bytes",
		 (unsigned long long)ours.start.v,
		 (unsigned long long)pa_range_end(ours) - 1,
		 (unsigned long long)page_count_taken() * 4,
		 (unsigned long long)stack_used(&percpu_this()->stack));
	if (memmap_demand()->given < memmap_demand()->wanted)
		log_line("own memory is %llu KiB short of the worst case: the "
			 "guest may be asked to deposit some",
			 (unsigned long long)(memmap_demand()->wanted -
					      memmap_demand()->given) >>
				 10);
}

static void guest_start(const struct params *params, struct percpu *cpu,
			uint64_t c_bit)
{
	const uint32_t *ids;
	uint32_t cpus = topology_cpus(&ids);

	if (vcpu_init(ids, cpus) != OK || vcpu_attach(cpu) != OK)
		panic_memory("the guest's vCPUs");
	vcpu_rules_init(params->guest_vmpl, params->sev_features);
	cpus = smp_start(ids, cpus);
	if (firmware_is_guest(params))
		firmware_start(params, cpu, cpus);
	else
		linux_start(params, cpu, c_bit);
	summary_log(params, cpus);
}

/* The guest becomes VMPL0 itself; its copy of the keys is the only one. */
static _Noreturn void step_aside(const struct params *params, uint64_t c_bit)
{
	summary_log(params, 1);
	log_line("stepping aside");
	snp_ghcb_drop();
	platform->wipe();
	aside_enter(params, c_bit);
}

/* Nothing below us: services, processors, and what tests ask for. The others
 * sleep for good when they are done. */
static _Noreturn void stand_alone(const struct params *params)
{
	const uint32_t *ids;
	uint32_t cpus = topology_cpus(&ids);
	bool bridged;

	service_start_all(params);
	cpus = smp_start(ids, cpus);
	log_line("Coir on %s: %u CPUs, %llu MiB of memory", platform->name,
		 cpus, (unsigned long long)(memmap_ram_bytes() >> 20));
	bridged = bridge_init();
	once_seal();
	selftest_cpu();
	if (bridged) {
		log_line("the vTPM answers on the second serial port");
		bridge_run();
	}
	log_line("no guest on this platform: nothing more to do");
	for (;;)
		platform->halt();
}

_Noreturn void kernel_main(const struct boot_launch *boot)
{
	const struct params *params;
	struct tables tables;
	struct percpu *cpu;

	kmap_init(boot); /* first: everything else maps with its C-bit */
	cpu = cpuarea_init_first();
	platform_select(platform_of(boot));
	params = params_get(boot);
	selftest_init(params);
	features_init(in_image(params->cpuid_page));
	desc_init(); /* faults are reported from here */
	desc_make(cpu);
	desc_load(cpu);
	features_load();
	user_init();
	platform->init_early(boot);
	first_memory_init(params);
	platform->init_late(); /* GHCB and console */
	if (params->flags & PARAMS_CONSOLE)
		log_console_on();
	memory_init(params, boot->c_bit);
	machine_init(params, cpu, boot->c_bit); /* its CPUs and nodes */
	if (!platform->has_guest())
		stand_alone(params);
	record_init(params, &tables);
	guest_memory_init(params, &tables, boot->c_bit);
	if (!params->guest_vmpl)
		step_aside(params, boot->c_bit);
	service_start_all(params);
	guest_start(params, cpu, boot->c_bit);
	once_seal(); /* nothing set above changes again */
	smp_release(params->guest_vmpl);
	selftest_cpu();
	request_loop(params->guest_vmpl);
}

/* SPDX-License-Identifier: MIT */
/* Start of other processors, one after the other through the same pages. */
#include "kernel/native/start.h"

#include "abi/x86/apic.h"
#include "abi/x86/paging.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/native/apic.h"
#include "lib/str.h"

#define TABLE	    (PTE_P | PTE_W | PTE_A | PTE_D)
#define ROOT_AT	    (TRAMPOLINE + PAGE_4K)
#define LOW_AT	    (TRAMPOLINE + 2 * PAGE_4K)
#define LOW_PD_AT   (TRAMPOLINE + 3 * PAGE_4K)
#define KERNEL_HALF 256u

#define INIT_US	    10000u
#define STARTUP_US  200u
#define PATIENCE_US 20000000u

extern const char trampoline_start[], trampoline_data[], trampoline_end[];
void start_entry(void);

/* At trampoline_data, read there by the processor that starts. */
struct start_data {
	uint64_t root, stack, cpu, entry;
	uint32_t taken; /* it has read all of it */
	uint32_t reserved;
};
_Static_assert(sizeof(struct start_data) == 40, "as in trampoline.S");

/* A processor that comes late would find another one's stack there. */
static bool lost;

static void root_fill(uint64_t *root)
{
	struct tmpmap map = tmpmap_4k((struct pa){ kmap_root() }, KMAP_READ);
	const uint64_t *kernel = map.va;

	memset(root, 0, PAGE_4K);
	for (unsigned int i = KERNEL_HALF; i < PT_ENTRIES; i++)
		root[i] = kernel[i];
	root[0] = LOW_AT | TABLE;
	tmpmap_drop(map);
}

/* A table with one entry, the first. */
static void table_fill(uint64_t at, uint64_t entry)
{
	struct tmpmap map = tmpmap_4k((struct pa){ at }, KMAP_WRITE);

	memset(map.va, 0, PAGE_4K);
	((uint64_t *)map.va)[0] = entry;
	tmpmap_drop(map);
}

static void tables_fill(void)
{
	struct tmpmap map = tmpmap_4k((struct pa){ ROOT_AT }, KMAP_WRITE);

	root_fill(map.va);
	tmpmap_drop(map);
	table_fill(LOW_AT, LOW_PD_AT | TABLE);
	table_fill(LOW_PD_AT, TABLE | PTE_PS); /* the first 2 MiB */
}

static struct start_data *code_fill(char *page, const struct percpu *cpu)
{
	struct start_data *data =
		(void *)(page + (trampoline_data - trampoline_start));

	memcpy(page, trampoline_start,
	       (size_t)(trampoline_end - trampoline_start));
	*data = (struct start_data){
		.root = kmap_root(),
		.stack = cpuarea_stack_top(cpu->index),
		.cpu = (uint64_t)cpu,
		.entry = (uint64_t)start_entry,
	};
	return data;
}

static enum err messages_send(uint32_t id)
{
	const uint32_t startup = ICR_SIPI | ICR_ASSERT | TRAMPOLINE >> 12;
	enum err e = apic_send(id, ICR_INIT | ICR_ASSERT);

	apic_wait(INIT_US);
	if (e == OK)
		e = apic_send(id, startup);
	apic_wait(STARTUP_US);
	/* Twice, as the manuals ask for: the second finds it running. */
	return e == OK ? apic_send(id, startup) : e;
}

static bool taken(const struct start_data *data)
{
	uint64_t start = hw_rdtsc();

	while (!__atomic_load_n(&data->taken, __ATOMIC_ACQUIRE)) {
		if (hw_rdtsc() - start > apic_ticks(PATIENCE_US))
			return false;
		hw_pause();
	}
	return true;
}

enum err start_cpu(struct percpu *cpu)
{
	struct start_data *data;
	struct tmpmap map;

	if (lost)
		return ERR_HOST;
	tables_fill();
	map = tmpmap_4k((struct pa){ TRAMPOLINE }, KMAP_WRITE);
	data = code_fill(map.va, cpu);
	lost = messages_send(cpu->apic_id) != OK || !taken(data);
	tmpmap_drop(map);
	return lost ? ERR_HOST : OK;
}

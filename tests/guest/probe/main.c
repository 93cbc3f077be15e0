/* SPDX-License-Identifier: MIT */
/*
 * A guest that reads and writes what is not its own. With "try=NAME" on the
 * command line it makes one access, which must end it; with "try=all" the
 * machine turns violations into page faults and every byte is tried.
 */
#include "lib/addr.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define SCRATCH 0x10000000ull

static struct vmsa vmsa_page __attribute__((aligned(4096)));
static uint8_t area[4096] __attribute__((aligned(4096)));
static uint8_t shared_page[4096] __attribute__((aligned(4096)));

static void try_svsm_read(void)
{
	uint8_t byte;

	probe_read((void *)secrets->svsm_base, &byte);
}

static void try_svsm_write(void)
{
	probe_write((void *)(secrets->svsm_base + 0x1234), 1);
}

static void try_svsm_jump(void)
{
	((void (*)(void))secrets->svsm_base)();
}

static void try_vmsa_write(void)
{
	vmsa_fill(&vmsa_page, 0, 0);
	if (vcpu_create((uint64_t)&vmsa_page, (uint64_t)area, 0))
		machine_exit(9);
	probe_write(&vmsa_page, 1);
}

/* A page that the SVSM was given is the SVSM's. */
static void try_deposited(void)
{
	static struct page_list one __attribute__((aligned(4096)));

	one.header = (struct svsm_list){ .entries = 1 };
	one.entry[0] = (uint64_t)area;
	if (svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)&one))
		machine_exit(9);
	probe_write(area, 1);
}

/* A page that the host holds: a private access must not reach it. */
static void try_host_page(void)
{
	uint8_t byte;

	probe_read((void *)SCRATCH, &byte);
}

/* A private page through a mapping without the C-bit. */
static void try_shared_alias(void)
{
	uint8_t byte;

	page_map((uint64_t)shared_page, false);
	probe_read(shared_page, &byte);
}

static const struct {
	const char *name;
	void (*run)(void);
} tries[] = {
	{ "svsm-read", try_svsm_read }, { "svsm-write", try_svsm_write },
	{ "svsm-jump", try_svsm_jump }, { "vmsa-write", try_vmsa_write },
	{ "host-page", try_host_page }, { "shared-alias", try_shared_alias },
	{ "deposited", try_deposited },
};

/* Every byte of the SVSM: each read and each write must fault. */
static void try_all(void)
{
	uint64_t at, end = secrets->svsm_base + secrets->svsm_size;
	uint64_t reads = 0, writes = 0, step;
	uint8_t byte;

	for (at = secrets->svsm_base; at < end; at += 4096) {
		/* All bytes of a page share its fate: try eight places. */
		for (step = 0; step < 4096; step += 585) {
			reads += probe_read((void *)(at + step), &byte) == 0;
			writes += probe_write((void *)(at + step), 0xff) == 0;
		}
	}
	check_true("the SVSM has memory", end > secrets->svsm_base);
	check_equal("SVSM bytes read", reads, 0);
	check_equal("SVSM bytes written", writes, 0);
	check_equal("the SVSM still answers",
		    svsm_call1(SVSM_CORE_QUERY_PROTOCOL, 1), SVSM_SUCCESS);
	print("probe: %llu pages of the SVSM tried\n",
	      (unsigned long long)((end - secrets->svsm_base) / 4096));
}

int guest_main(void)
{
	const char *name = machine_option("try=");
	unsigned int i;

	if (!name)
		name = "all";
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (str_starts_with(name, tries[i].name)) {
			print("probe: %s\n", tries[i].name);
			tries[i].run();
			print("probe: still here after %s\n", tries[i].name);
			return 10;
		}
	try_all();
	return check_report("probe");
}

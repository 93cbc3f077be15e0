/* SPDX-License-Identifier: MIT */
/* Page state change lists, and what happens to the contents. */
#include "tests/guest/host/host.h"

#include "abi/x86/paging.h"
#include "lib/addr.h"
#include "lib/str.h"
#include "tests/guest/svsm.h"

#define CONVERTED      0x11200000ull /* 2 MiB of unused, shared RAM */
#define ENTRY(gpa, op) ((gpa) | (uint64_t)(op) << PSC_OP_SHIFT)

static uint8_t page[4096] __attribute__((aligned(4096)));

static struct psc_buffer *psc(void)
{
	return (struct psc_buffer *)host_ghcb.shared_buffer;
}

static uint64_t run(uint16_t cur, uint16_t end)
{
	struct host_call c = { .code = GHCB_NAE_PSC,
			       .scratch = (uint64_t)host_ghcb.shared_buffer,
			       .give = GIVE_CALL | GIVE_SCRATCH };

	psc()->cur_entry = cur;
	psc()->end_entry = end;
	psc()->reserved = 0;
	return host_ok("page state change", &c);
}

static void test_lists(void)
{
	struct host_call c = { .code = GHCB_NAE_PSC,
			       .scratch = (uint64_t)host_ghcb.shared_buffer + 8,
			       .give = GIVE_CALL | GIVE_SCRATCH };

	host_malformed("structure past the buffer", &c,
		       GHCB_ERR_INVALID_SCRATCH);
	check_equal("end_entry 253", run(0, PSC_MAX_ENTRIES),
		    PSC_ERR_BAD_HEADER);
	psc()->entry[0] = ENTRY(CONVERTED, PSC_OP_PRIVATE);
	psc()->entry[1] = ENTRY(CONVERTED + 0x1000, PSC_OP_PRIVATE);
	psc()->entry[2] = ENTRY(CONVERTED, 7);
	check_equal("bad third entry", run(0, 3), PSC_ERR_BAD_ENTRY);
	check_equal("it is the current one", psc()->cur_entry, 2);
	psc()->entry[0] = ENTRY(NO_RAM, PSC_OP_PRIVATE);
	check_equal("no memory", run(0, 0), PSC_ERR_GENERIC);
	check_equal("it is the current one", psc()->cur_entry, 0);
	psc()->entry[0] = ENTRY(CONVERTED, PSC_OP_SHARED);
	psc()->entry[1] = ENTRY(CONVERTED + 0x1000, PSC_OP_SHARED);
	psc()->entry[2] = ENTRY(CONVERTED, PSC_OP_PRIVATE) | PSC_2M;
	psc()->entry[3] = ENTRY(CONVERTED, PSC_OP_PSMASH) | PSC_2M;
	psc()->entry[4] = ENTRY(CONVERTED, PSC_OP_SHARED) | PSC_2M;
	check_equal("a whole list", run(0, 4), 0);
	check_equal("all done", psc()->cur_entry, 5);
	check_equal("done before", run(5, 4), 0);
}

static unsigned int same(const uint8_t *bytes, uint8_t value)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < 4096; i++)
		n += bytes[i] == value;
	return n;
}

/* Private, shared, private: nothing of it survives either change. */
static void test_contents(void)
{
	uint64_t gpa = (uint64_t)page;

	memset(page, 0x5a, sizeof(page));
	if (secrets->svsm_size)
		svsm_pvalidate_one(gpa);
	check_true("to shared", page_state_set(gpa, PSC_OP_SHARED));
	page_map(gpa, false);
	check_true("the host's view differs", same(page, 0x5a) < 4096);
	memset(page, 0x33, sizeof(page));
	check_equal("shared memory holds", same(page, 0x33), 4096);
}

void test_pages(void)
{
	test_lists();
	test_contents();
}

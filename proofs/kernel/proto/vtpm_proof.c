/* SPDX-License-Identifier: MIT */
/* proof: whatever sizes and places the guest and the service name, a TPM
 *   command never leaves the service's page or the guest's buffer, is copied
 *   once, and the service is left exactly if it was entered
 * sources: kernel/proto/vtpm.c
 * bound: none: any registers, any header at each read, any answer
 * flags: --unwind 2
 * mutation: kernel/proto/vtpm.c@head_check: !head->size || =>
 * mutation: kernel/proto/vtpm.c@head_check: head->size > room - HEAD => false
 * mutation: kernel/proto/vtpm.c@answer_get: a->size > c->room - sizeof(head) =>
 *   a->size > c->room
 * mutation: kernel/proto/vtpm.c@command_run: case SERVICE_GONE: => case
 *   SERVICE_GONE: service_leave(c->vtpm);
 * mutation: kernel/proto/vtpm.c@head_check: head->locality > VTPM_LOCALITY_MAX
 *   => head->locality > VTPM_LOCALITY_MAX + 1
 */
#include "kernel/proto/vtpm.h"

#include "abi/svsm/vtpm.h"
#include "abi/sys.h"
#include "abi/vtpm_service.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/service.h"
#include "proofs/fake/proof.h"

struct service {
	char unused;
};

static struct service service;
static char page[1];
static struct svsm_vtpm_command head;
static uint64_t room, read_up_to, written_up_to, body;
static bool entered, windowed, answered;
static struct service_answer answer;

struct service *service_find(const char *name)
{
	(void)name;
	return &service;
}

enum service_turn service_enter(struct service *s,
				const struct service_caller *caller)
{
	enum service_turn turn = (enum service_turn)any_upto(3);

	__CPROVER_assert(s == &service && caller->who, "asked by somebody");
	entered = turn == SERVICE_FREE || turn == SERVICE_RESUME;
	return turn;
}

void service_leave(struct service *s)
{
	__CPROVER_assert(s == &service && entered, "entered before");
	entered = false;
}

struct pa service_page(const struct service *s)
{
	(void)s;
	__CPROVER_assert(entered, "ours");
	return (struct pa){ PAGE_4K };
}

void service_request(struct service *s, const struct service_caller *caller,
		     uint32_t op, uint32_t arg, uint32_t size)
{
	(void)s;
	(void)caller;
	PROVE(entered && op == VTPM_OP_COMMAND && arg <= VTPM_LOCALITY_MAX);
	PROVE(size && size == body && size <= SYS_MESSAGE_MAX);
}

/* call_next checked its size: kernel/sys/call_proof.c. */
enum service_end service_work(struct service *s, struct service_answer *a)
{
	(void)s;
	__CPROVER_assert(entered, "ours");
	answer.result = nondet_u32();
	answer.size = (uint32_t)any_upto(SYS_MESSAGE_MAX);
	*a = answer;
	answered = true;
	return (enum service_end)any_upto(2);
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)use;
	__CPROVER_assert(pa.v == PAGE_4K && !windowed, "the service's page");
	windowed = true;
	return (struct tmpmap){ page, PAGE_SIZE_4K };
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	windowed = false;
}

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	__CPROVER_assert(size && size <= PAGE_4K - start % PAGE_4K, "one page");
	room = size;
	*out = (struct guest_range){ { { start }, size }, 0 };
	return nondet_bool() ? OK : ERR_RANGE;
}

enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	(void)from;
	__CPROVER_assert(off <= room && size <= room - off, "in the buffer");
	__CPROVER_assert(off >= read_up_to, "no byte twice");
	read_up_to = off + size;
	if (to == page) {
		__CPROVER_assert(windowed && size <= PAGE_4K, "in its page");
		body = size;
	} else {
		ANY(head);
		*(struct svsm_vtpm_command *)to = head;
	}
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	(void)to;
	__CPROVER_assert(off <= room && size <= room - off, "in the buffer");
	__CPROVER_assert(off == written_up_to && answered, "in a row");
	__CPROVER_assert(from != page || (windowed && size <= SYS_MESSAGE_MAX &&
					  size == answer.size),
			 "no more than the answer");
	written_up_to = off + size;
	return nondet_bool() ? OK : ERR_ABSENT;
}

int main(void)
{
	struct vcpu vcpu;
	struct svsm_request req;
	enum svsm_result r;

	ANY(req);
	req.vcpu = &vcpu;
	r = vtpm_request(&req);
	PROVE(!entered && !windowed);
	PROVE(r == SVSM_SUCCESS || (int)r < 0);
	if (r == SVSM_SUCCESS && req.call == SVSM_VTPM_CMD)
		PROVE(answered && written_up_to == 4 + answer.size);
	SEEN(r == SVSM_SUCCESS && body == 100 && answer.size == 4000);
	return 0;
}

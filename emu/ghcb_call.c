/* SPDX-License-Identifier: MIT */
/* Fields and their valid bits, in one table for both directions. */
#include "emu/ghcb_call.h"

#include <stddef.h>

static const struct {
	uint16_t field; /* offset in struct ghcb */
	uint16_t value; /* offset in struct ghcb_call */
	uint32_t has;
} registers[] = {
	{ offsetof(struct ghcb, rax), offsetof(struct ghcb_call, rax),
	  GHCB_HAS_RAX },
	{ offsetof(struct ghcb, rcx), offsetof(struct ghcb_call, rcx),
	  GHCB_HAS_RCX },
	{ offsetof(struct ghcb, rdx), offsetof(struct ghcb_call, rdx),
	  GHCB_HAS_RDX },
	{ offsetof(struct ghcb, rbx), offsetof(struct ghcb_call, rbx),
	  GHCB_HAS_RBX },
	{ offsetof(struct ghcb, xcr0), offsetof(struct ghcb_call, xcr0),
	  GHCB_HAS_XCR0 },
	{ offsetof(struct ghcb, sw_scratch),
	  offsetof(struct ghcb_call, scratch), GHCB_HAS_SCRATCH },
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

static volatile uint64_t *field_of(volatile struct ghcb *page, uint16_t offset)
{
	return (volatile uint64_t *)((volatile uint8_t *)page + offset);
}

static uint64_t *value_of(struct ghcb_call *call, uint16_t offset)
{
	return (uint64_t *)(void *)((uint8_t *)call + offset);
}

static bool bit(const uint64_t bitmap[2], unsigned long n)
{
	return bitmap[n / 64] >> (n % 64) & 1;
}

static uint32_t infos_given(const uint64_t bitmap[2])
{
	return bit(bitmap, GHCB_BIT(sw_exitcode)) &&
			       bit(bitmap, GHCB_BIT(sw_exitinfo1)) &&
			       bit(bitmap, GHCB_BIT(sw_exitinfo2))
		       ? GHCB_HAS_CALL
		       : 0;
}

unsigned int ghcb_call_read(volatile struct ghcb *page, uint64_t gpa,
			    struct ghcb_call *call)
{
	volatile uint64_t *map =
		field_of(page, offsetof(struct ghcb, valid_bitmap));
	uint64_t bitmap[2] = { map[0], map[1] };

	*call = (struct ghcb_call){
		.page = page,
		.gpa = gpa,
		.code = page->sw_exitcode,
		.info1 = page->sw_exitinfo1,
		.info2 = page->sw_exitinfo2,
		.version = page->protocol_version,
		.cpl = page->cpl,
		.given = infos_given(bitmap) |
			 (bit(bitmap, GHCB_BIT(cpl)) ? GHCB_HAS_CPL : 0),
	};
	for (unsigned int i = 0; i < REGISTERS; i++) {
		if (!bit(bitmap, registers[i].field / 8))
			continue;
		call->given |= registers[i].has;
		*value_of(call, registers[i].value) =
			*field_of(page, registers[i].field);
	}
	if (page->ghcb_usage != 0)
		return GHCB_ERR_INVALID_USAGE;
	if (!(call->given & GHCB_HAS_CALL))
		return GHCB_ERR_MISSING_INPUT;
	return 0;
}

bool ghcb_scratch_inside(const struct ghcb_call *call, uint64_t size,
			 uint32_t *offset)
{
	uint64_t first = call->gpa + offsetof(struct ghcb, shared_buffer);
	uint64_t last = first + GHCB_BUFFER_SIZE;

	if (!(call->given & GHCB_HAS_SCRATCH))
		return false;
	if (call->scratch < first || call->scratch > last ||
	    size > last - call->scratch)
		return false;
	*offset = (uint32_t)(call->scratch - call->gpa);
	return true;
}

bool ghcb_scratch_elsewhere(const struct ghcb_call *call)
{
	return call->version < 2 && (call->given & GHCB_HAS_SCRATCH) &&
	       (call->scratch < call->gpa ||
		call->scratch - call->gpa >= sizeof(struct ghcb));
}

void ghcb_call_finish(struct ghcb_call *call)
{
	volatile uint64_t *map =
		field_of(call->page, offsetof(struct ghcb, valid_bitmap));
	uint64_t bitmap[2] = { 0, 0 };

	for (unsigned int i = 0; i < REGISTERS; i++) {
		unsigned int n = registers[i].field / 8;

		if (!(call->set & registers[i].has))
			continue;
		bitmap[n / 64] |= 1ull << (n % 64);
		*field_of(call->page, registers[i].field) =
			*value_of(call, registers[i].value);
	}
	bitmap[1] |= 1ull << (GHCB_BIT(sw_exitinfo1) % 64) |
		     1ull << (GHCB_BIT(sw_exitinfo2) % 64);
	call->page->sw_exitinfo1 = call->out1;
	call->page->sw_exitinfo2 = call->out2;
	map[0] = bitmap[0];
	map[1] = bitmap[1];
}

void ghcb_malformed(struct ghcb_call *call, unsigned int error)
{
	call->out1 = GHCB_RESULT_MALFORMED;
	call->out2 = error;
	call->set = 0;
}

void ghcb_raise(struct ghcb_call *call, uint32_t event)
{
	call->out1 = GHCB_RESULT_EXCEPTION;
	call->out2 = event;
	call->set = 0;
}

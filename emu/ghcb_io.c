/* SPDX-License-Identifier: MIT */
/* IOIO events: one port access, or a string of them through the buffer. */
#include "emu/ghcb.h"

#include "emu/guestmem.h"
#include "emu/port.h"

#define IOIO_SIZES	(IOIO_SIZE_8 | IOIO_SIZE_16 | IOIO_SIZE_32)
#define IOIO_SIZE_SHIFT 4
#define IOIO_RESERVED	0xe002u

volatile void *ghcb_buffer(const struct ghcb_call *call, uint64_t size)
{
	uint32_t offset;

	if (ghcb_scratch_inside(call, size, &offset))
		return (volatile uint8_t *)call->page + offset;
	if (ghcb_scratch_elsewhere(call) && size)
		return guestmem_shared(call->scratch, size);
	return NULL;
}

static bool size_of(uint64_t info1, unsigned int *size)
{
	*size = (info1 & IOIO_SIZES) >> IOIO_SIZE_SHIFT;
	return *size == 1 || *size == 2 || *size == 4;
}

static void string_in(uint16_t port, unsigned int size, uint64_t count,
		      volatile uint8_t *to)
{
	while (count--) {
		uint32_t v = port_in(port, size);

		for (unsigned int i = 0; i < size; i++)
			*to++ = (uint8_t)(v >> 8 * i);
	}
}

static void string_out(uint16_t port, unsigned int size, uint64_t count,
		       const volatile uint8_t *from)
{
	while (count--) {
		uint32_t v = 0;

		for (unsigned int i = 0; i < size; i++)
			v |= (uint32_t)*from++ << 8 * i;
		port_out(port, size, v);
	}
}

static unsigned int string(const struct ghcb_call *call, unsigned int size)
{
	uint16_t port = (uint16_t)(call->info1 >> IOIO_PORT_SHIFT);
	uint64_t count = call->info1 & IOIO_REP ? call->info2 : 1;
	volatile uint8_t *buffer;

	/* Bounds the product, too. */
	if (count > PAGE_4K)
		return GHCB_ERR_INVALID_INPUT;
	if (!(call->given & GHCB_HAS_SCRATCH))
		return GHCB_ERR_MISSING_INPUT;
	if (!count)
		return 0;
	buffer = ghcb_buffer(call, count * size);
	if (!buffer)
		return GHCB_ERR_INVALID_SCRATCH;
	if (call->info1 & IOIO_IN)
		string_in(port, size, count, buffer);
	else
		string_out(port, size, count, buffer);
	return 0;
}

unsigned int ghcb_ioio(struct vcpu *c, struct ghcb_call *call)
{
	uint16_t port = (uint16_t)(call->info1 >> IOIO_PORT_SHIFT);
	unsigned int size;

	(void)c;
	if (!size_of(call->info1, &size) || (call->info1 & IOIO_RESERVED) ||
	    call->info1 >> 32)
		return GHCB_ERR_INVALID_INPUT;
	if (call->info1 & IOIO_STRING)
		return string(call, size);
	if (call->info1 & IOIO_IN) {
		call->rax = port_in(port, size);
		call->set = GHCB_HAS_RAX;
		return 0;
	}
	if (!(call->given & GHCB_HAS_RAX))
		return GHCB_ERR_MISSING_INPUT;
	port_out(port, size, (uint32_t)call->rax);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* MMIO events: devices, and RAM only where the guest shares it. */
#include "emu/ghcb.h"

#include "emu/guestmem.h"
#include "emu/mm.h"

/* One access of the device's width: bytes would be other accesses. */
static void move(volatile void *to, const volatile void *from, uint64_t size)
{
	volatile uint8_t *d = to;
	const volatile uint8_t *s = from;

	switch (size) {
	case 2:
		*(volatile uint16_t *)to = *(const volatile uint16_t *)from;
		return;
	case 4:
		*(volatile uint32_t *)to = *(const volatile uint32_t *)from;
		return;
	case 8:
		*(volatile uint64_t *)to = *(const volatile uint64_t *)from;
		return;
	default:
		while (size--)
			*d++ = *s++;
		return;
	}
}

/* Private memory is out of the host's reach; ours is out of the guest's. */
static volatile void *target(const struct ghcb_call *call)
{
	uint64_t gpa = call->info1, size = call->info2;

	if (!size || size > GHCB_BUFFER_SIZE || gpa >> GPA_BITS)
		return NULL;
	if (guestmem_is_device(gpa, size))
		return mm_ptr(gpa);
	return guestmem_shared(gpa, size);
}

static unsigned int transfer(const struct ghcb_call *call, bool write)
{
	volatile void *at = target(call);
	volatile void *buffer;

	if (!at)
		return GHCB_ERR_INVALID_INPUT;
	buffer = ghcb_buffer(call, call->info2);
	if (!buffer)
		return GHCB_ERR_INVALID_SCRATCH;
	if (write)
		move(at, buffer, call->info2);
	else
		move(buffer, at, call->info2);
	return 0;
}

unsigned int ghcb_mmio_read(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	return transfer(call, false);
}

unsigned int ghcb_mmio_write(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	return transfer(call, true);
}

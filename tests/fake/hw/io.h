/* SPDX-License-Identifier: MIT */
/* hw/io.h for unit tests: no ports; reads give all ones, as an empty bus.
 * Registers of devices are memory; a test may watch them. */
#pragma once

#include <stdint.h>

#include "tests/fake/hw/fake.h"

static inline void hw_outb(uint16_t port, uint8_t v)
{
	(void)port;
	(void)v;
}

static inline void hw_outw(uint16_t port, uint16_t v)
{
	(void)port;
	(void)v;
}

static inline void hw_outl(uint16_t port, uint32_t v)
{
	(void)port;
	(void)v;
}

static inline uint8_t hw_inb(uint16_t port)
{
	(void)port;
	return 0xff;
}

static inline uint16_t hw_inw(uint16_t port)
{
	(void)port;
	return 0xffff;
}

static inline uint32_t hw_inl(uint16_t port)
{
	(void)port;
	return ~0u;
}

static inline uint32_t hw_mmio_read(const volatile void *at)
{
	return *(const volatile uint32_t *)at;
}

static inline void hw_mmio_write(volatile void *at, uint32_t v)
{
	*(volatile uint32_t *)at = v;
	if (fake.mmio)
		fake.mmio(at, v);
}

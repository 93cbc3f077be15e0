/* SPDX-License-Identifier: MIT */
/* hw/io.h for unit tests: no ports; reads give all ones, as an empty bus. */
#pragma once

#include <stdint.h>

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

/* SPDX-License-Identifier: MIT */
/* hw/io.h for proofs: the host answers, so anything. */
#pragma once

#include "proofs/fake/proof.h"

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
	return nondet_u8();
}

static inline uint16_t hw_inw(uint16_t port)
{
	(void)port;
	return nondet_u16();
}

static inline uint32_t hw_inl(uint16_t port)
{
	(void)port;
	return nondet_u32();
}

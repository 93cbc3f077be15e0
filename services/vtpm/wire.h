/* SPDX-License-Identifier: MIT */
/* TPM commands and responses as bytes: big endian. TPM 2.0 part 1, 18; part 2. */
#pragma once

#include "lib/cursor.h"

#define TPM_ST_NO_SESSIONS 0x8001u
#define TPM_ST_SESSIONS	   0x8002u

#define TPM_CC_ClearControl  0x127u
#define TPM_CC_ChangeEPS     0x124u
#define TPM_CC_Clear	     0x126u
#define TPM_CC_CreatePrimary 0x131u
#define TPM_CC_Startup	     0x144u
#define TPM_CC_FlushContext  0x165u
#define TPM_CC_GetCapability 0x17au
#define TPM_CC_GetTestResult 0x17cu

#define TPM_RC_SUCCESS 0u
#define TPM_RC_FAILURE 0x101u

#define TPM_RS_PW	   0x40000009u
#define TPM_RH_ENDORSEMENT 0x4000000bu
#define TPM_RH_PLATFORM	   0x4000000cu

/* tag, size, code: the same in both directions. */
#define TPM_HEADER_SIZE 10u

static inline uint16_t wire_get16(struct cursor *c)
{
	return __builtin_bswap16(cursor_u16(c));
}

static inline uint32_t wire_get32(struct cursor *c)
{
	return __builtin_bswap32(cursor_u32(c));
}

static inline void wire_put16(struct cursor_out *c, uint32_t v)
{
	cursor_out_u16(c, __builtin_bswap16((uint16_t)v));
}

static inline void wire_put32(struct cursor_out *c, uint32_t v)
{
	cursor_out_u32(c, __builtin_bswap32(v));
}

/* A header whose size is filled in by wire_end. */
static inline void wire_begin(struct cursor_out *c, uint32_t tag, uint32_t code)
{
	wire_put16(c, tag);
	wire_put32(c, 0);
	wire_put32(c, code);
}

/* Bytes of the finished command or response; 0 if it did not fit. */
static inline uint32_t wire_end(struct cursor_out *c)
{
	uint32_t size = (uint32_t)cursor_out_offset(c);
	uint32_t big = __builtin_bswap32(size);

	if (c->failed)
		return 0;
	memcpy(c->start + 2, &big, sizeof(big));
	return size;
}

/* Command or response code of whole bytes; too few of them are a failure. */
static inline uint32_t wire_code(const uint8_t *bytes, size_t size)
{
	struct cursor c = cursor_make(bytes, size);
	uint32_t code;

	cursor_skip(&c, TPM_HEADER_SIZE - sizeof(code));
	code = wire_get32(&c);
	return c.failed ? TPM_RC_FAILURE : code;
}

/* The authorization area of one empty password. */
static inline void wire_empty_auth(struct cursor_out *c)
{
	wire_put32(c, 9);
	wire_put32(c, TPM_RS_PW);
	wire_put16(c, 0);
	cursor_out_u8(c, 0);
	wire_put16(c, 0);
}

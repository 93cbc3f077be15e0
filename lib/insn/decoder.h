/* SPDX-License-Identifier: MIT */
/*
 * The state of one decoding. The reader remembers its first failure, so that
 * nothing after it can succeed. Private to lib/insn.
 */
#pragma once

#include "lib/insn/table.h"

struct decoder {
	const uint8_t *bytes;
	size_t size;
	size_t at;
	enum insn_status status;
	struct insn *insn;
	struct insn_op op;
	struct insn_ctx ctx;
	uint16_t special_size; /* memory bytes from insn_group(), or 0 */
	uint8_t rex;	       /* 0 = none; VEX fills it, too */
	uint8_t segment;       /* override or INSN_REG_NONE */
	bool has_66, has_67;
};

#define REX_W 8u
#define REX_R 4u
#define REX_X 2u
#define REX_B 1u

/* The next byte, 0 after a failure. */
uint8_t insn_next(struct decoder *d);
uint64_t insn_next_le(struct decoder *d, unsigned bytes);
/* Keeps the first failure. */
void insn_fail(struct decoder *d, enum insn_status status);

static inline bool insn_is_64(const struct decoder *d)
{
	return d->insn->mode == INSN_64;
}

/* The steps after the opcode, in this order; the last needs status OK. */
void insn_take_modrm(struct decoder *d);
void insn_take_imm(struct decoder *d);
void insn_finish(struct decoder *d);

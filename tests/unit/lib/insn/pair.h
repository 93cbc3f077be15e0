/* SPDX-License-Identifier: MIT */
/*
 * The decoder beside Zydis, an independent one: whatever ours claims to know
 * must have the same length and the same memory operands.
 */
#pragma once

#include <Zydis/Zydis.h>

#include "lib/insn/insn.h"

struct pair {
	ZydisDecoder decoder;
	enum insn_mode mode;
};

enum pair_verdict {
	PAIR_AGREES,
	PAIR_NEITHER,	  /* both refuse the bytes */
	PAIR_ONLY_OURS,	  /* no full #UD check: legal is what the CPU ran */
	PAIR_ONLY_THEIRS, /* said to be unknown to ours */
	PAIR_DIFFERS,
};

/* What each side made of the bytes; theirs only where *they. */
struct pair_facts {
	enum insn_status status;
	struct insn ours;
	bool they;
	ZydisDecodedInstruction theirs;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

/* False: Zydis does not know the mode. */
bool pair_init(struct pair *p, enum insn_mode mode);

/* Nothing behind the size bytes is read. */
enum pair_verdict pair_compare(struct pair *p, const uint8_t *bytes,
			       size_t size, struct pair_facts *facts);

/* Both sides in words, on standard output. */
void pair_show(const struct pair *p, const uint8_t *bytes, size_t size,
	       const char *why, const struct pair_facts *facts);

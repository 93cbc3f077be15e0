/* SPDX-License-Identifier: MIT */
/*
 * Reader of static ELF64 programs for x86-64. elf_open checks all that the
 * others rely on; the bytes belong to the caller and must not change meanwhile.
 */
#pragma once

#include <stdbool.h>

#include "abi/elf.h"
#include "lib/err.h"

struct elf_file {
	const uint8_t *bytes;
	size_t size;
	struct elf64_ehdr header;
	uint32_t segment_count; /* PT_LOAD only */
	uint64_t low, high;	/* [low, high) holds every segment */
};

/* One PT_LOAD: mem_size bytes at va, the first file_size of them from bytes. */
struct elf_segment {
	uint64_t va, pa;
	uint64_t mem_size, file_size;
	uint64_t align;
	const uint8_t *bytes;
	bool read, write, exec;
};

struct elf_symbol {
	const char *name; /* points into the file, terminated there */
	uint64_t value, size;
	unsigned int type; /* STT_* */
	bool local;	   /* seen by its own object file alone */
};

/*
 * Accepts ET_EXEC and static ET_DYN without an interpreter. Sure afterwards:
 * segments lie in the file, ascend, do not overlap or wrap, hold no more file
 * than memory bytes, agree with their alignment; the entry lies in an executable
 * one. ERR_FORMAT: not so; *why (may be NULL) says what in one static line.
 * Writable code is not refused here: who loads it decides.
 */
must_check enum err elf_open(struct elf_file *file, const void *bytes,
			     size_t size, const char **why);

/* index < segment_count, else ERR_RANGE. */
must_check enum err elf_segment(const struct elf_file *file, uint32_t index,
				struct elf_segment *out);

/* Any program header by its type (PT_TLS, PT_GNU_STACK); the first, or ERR_ABSENT. */
must_check enum err elf_phdr_find(const struct elf_file *file, uint32_t type,
				  struct elf64_phdr *out);

/* Where the program headers are in memory (AT_PHDR); ERR_ABSENT: not loaded. */
must_check enum err elf_phdr_va(const struct elf_file *file, uint64_t *va);

/* Symbols 0..; ERR_ABSENT after the last (or in a stripped file). A symbol with
 * a broken name has the name "". */
must_check enum err elf_symbol_at(const struct elf_file *file, uint32_t index,
				  struct elf_symbol *out);
/* By name; ERR_ABSENT if there is none. Cost grows with the number of symbols. */
must_check enum err elf_symbol_find(const struct elf_file *file,
				    const char *name, struct elf_symbol *out);
/* The function or object that holds address; the nearest start wins. */
must_check enum err elf_symbol_near(const struct elf_file *file,
				    uint64_t address, struct elf_symbol *out);

/* SPDX-License-Identifier: MIT */
/* The ELF reader on a small program of our own, whole and broken. */
/* test-sources: lib/elf.c lib/str.c */
#include "lib/elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Header, program headers, "code", symbols, strings, section headers. */
struct program {
	struct elf64_ehdr h;
	struct elf64_phdr p[4];
	uint8_t code[64];
	struct elf64_sym symbols[5];
	char strings[32];
	struct elf64_shdr s[3];
};

#define CODE_VA 0x401000ull
#define DATA_VA 0x500000ull

static struct program make(void)
{
	struct program x = {
		.h = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = EM_X86_64,
			.e_version = EV_CURRENT,
			.e_entry = CODE_VA + 16,
			.e_phoff = offsetof(struct program, p),
			.e_shoff = offsetof(struct program, s),
			.e_phentsize = sizeof(struct elf64_phdr),
			.e_phnum = 4,
			.e_shentsize = sizeof(struct elf64_shdr),
			.e_shnum = 3,
		},
		.strings = "\0_start\0main\0label\0open",
	};

	x.p[0] = (struct elf64_phdr){ PT_LOAD,	PF_R,	   0,	      0x400000,
				      0x400000, sizeof(x), sizeof(x), 0x1000 };
	x.p[1] = (struct elf64_phdr){
		PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16
	};
	x.p[2] = (struct elf64_phdr){ PT_LOAD, PF_R | PF_X, 0,	CODE_VA,
				      0x1000,  64,	    64, 0x1000 };
	x.p[3] = (struct elf64_phdr){ PT_LOAD, PF_R | PF_W, 0,	    DATA_VA,
				      0x2000,  0,	    0x3000, 0x1000 };
	x.symbols[1] = (struct elf64_sym){ 1, STT_FUNC, 0, 1, CODE_VA + 16, 8 };
	x.symbols[2] =
		(struct elf64_sym){ 8, STT_FUNC, 0, 1, CODE_VA + 24, 16 };
	x.symbols[3] =
		(struct elf64_sym){ 13, STT_NOTYPE, 0, 1, CODE_VA + 48, 0 };
	x.symbols[4] = (struct elf64_sym){ 1000, STT_OBJECT, 0, 1, DATA_VA, 8 };
	x.s[1] = (struct elf64_shdr){
		.sh_type = SHT_SYMTAB,
		.sh_offset = offsetof(struct program, symbols),
		.sh_size = sizeof(x.symbols),
		.sh_link = 2,
		.sh_entsize = sizeof(struct elf64_sym),
	};
	x.s[2] = (struct elf64_shdr){
		.sh_type = SHT_STRTAB,
		.sh_offset = offsetof(struct program, strings),
		.sh_size = sizeof(x.strings),
	};
	return x;
}

static void expect_bad(const struct program *x, const char *text)
{
	struct elf_file f;
	const char *why = NULL;

	assert_int_equal(elf_open(&f, x, sizeof(*x), &why), ERR_FORMAT);
	assert_string_equal(why, text);
	assert_int_equal(elf_open(&f, x, sizeof(*x), NULL), ERR_FORMAT);
}

static void test_segments(void **state)
{
	struct program x = make();
	struct elf_segment s;
	struct elf64_phdr p;
	struct elf_file f;
	uint64_t va;

	(void)state;
	assert_int_equal(elf_open(&f, &x, sizeof(x), NULL), OK);
	assert_int_equal(f.segment_count, 3);
	assert_int_equal(f.low, 0x400000);
	assert_int_equal(f.high, DATA_VA + 0x3000);
	assert_int_equal(elf_segment(&f, 1, &s), OK);
	assert_int_equal(s.va, CODE_VA);
	assert_int_equal(s.pa, 0x1000);
	assert_true(s.exec && s.read && !s.write);
	assert_ptr_equal(s.bytes, &x);
	assert_int_equal(elf_segment(&f, 2, &s), OK);
	assert_int_equal(s.file_size, 0);
	assert_int_equal(s.mem_size, 0x3000);
	assert_int_equal(elf_segment(&f, 3, &s), ERR_RANGE);
	assert_int_equal(elf_segment(&f, ~0u, &s), ERR_RANGE);
	assert_int_equal(elf_phdr_find(&f, PT_GNU_STACK, &p), OK);
	assert_int_equal(p.p_align, 16);
	assert_int_equal(elf_phdr_find(&f, PT_TLS, &p), ERR_ABSENT);
	assert_int_equal(elf_phdr_va(&f, &va), OK);
	assert_int_equal(va, 0x400040);
}

static void test_symbols(void **state)
{
	struct program x = make();
	struct elf_symbol s;
	struct elf_file f;

	(void)state;
	assert_int_equal(elf_open(&f, &x, sizeof(x), NULL), OK);
	assert_int_equal(elf_symbol_find(&f, "main", &s), OK);
	assert_int_equal(s.value, CODE_VA + 24);
	assert_int_equal(elf_symbol_find(&f, "mai", &s), ERR_ABSENT);
	assert_int_equal(elf_symbol_find(&f, "", &s), ERR_ABSENT);
	assert_int_equal(elf_symbol_near(&f, CODE_VA + 23, &s), OK);
	assert_string_equal(s.name, "_start");
	assert_int_equal(elf_symbol_near(&f, CODE_VA + 24, &s), OK);
	assert_string_equal(s.name, "main");
	assert_int_equal(elf_symbol_near(&f, CODE_VA + 63, &s), OK);
	assert_string_equal(s.name, "label");
	assert_int_equal(elf_symbol_near(&f, CODE_VA, &s), ERR_ABSENT);
	/* A name outside the strings, and one that does not end in them. */
	assert_int_equal(elf_symbol_at(&f, 4, &s), OK);
	assert_string_equal(s.name, "");
	assert_int_equal(elf_symbol_at(&f, 5, &s), ERR_ABSENT);
	x.s[2].sh_size = 15;
	assert_int_equal(elf_symbol_at(&f, 3, &s), OK);
	assert_string_equal(s.name, "");
	x.s[2].sh_offset = sizeof(x) - 14;
	assert_int_equal(elf_symbol_at(&f, 1, &s), ERR_ABSENT);
	x = make();
	x.s[1].sh_link = 3;
	assert_int_equal(elf_symbol_at(&f, 1, &s), ERR_ABSENT);
	x = make();
	x.s[1].sh_size = ~0ull;
	assert_int_equal(elf_symbol_at(&f, 1, &s), ERR_ABSENT);
}

static void test_headers(void **state)
{
	struct program x = make();

	(void)state;
	x.h.e_ident[0] = 0;
	expect_bad(&x, "not an ELF file");
	x = make();
	x.h.e_machine = 183;
	expect_bad(&x, "not an ELF file for x86-64");
	x = make();
	x.h.e_version = 2;
	expect_bad(&x, "unknown ELF version");
	x = make();
	x.h.e_type = 1;
	expect_bad(&x, "ELF file is no program");
	x = make();
	x.h.e_phentsize = 55;
	expect_bad(&x, "program headers are missing or of a wrong size");
	x = make();
	x.h.e_phnum = 65;
	expect_bad(&x, "too many program headers");
	x = make();
	x.h.e_phoff = ~0ull - 100;
	expect_bad(&x, "program headers lie outside the file");
	x = make();
	x.h.e_entry = DATA_VA;
	expect_bad(&x, "entry point is not in an executable segment");
	x = make();
	x.h.e_entry = CODE_VA + 64;
	expect_bad(&x, "entry point is not in an executable segment");
	x = make();
	x.p[1].p_type = PT_INTERP;
	expect_bad(&x, "program is not static");
	x = make();
	x.p[0].p_type = x.p[2].p_type = x.p[3].p_type = 0;
	expect_bad(&x, "program has nothing to load");
}

static void test_bad_segments(void **state)
{
	struct program x = make();

	(void)state;
	x.p[3].p_filesz = 0x3001;
	expect_bad(&x, "segment has more file than memory bytes");
	x = make();
	x.p[2].p_offset = sizeof(x) - 63;
	expect_bad(&x, "segment lies outside the file");
	x = make();
	x.p[2].p_offset = ~0ull;
	expect_bad(&x, "segment lies outside the file");
	x = make();
	x.p[3].p_memsz = ~0ull;
	expect_bad(&x, "segment wraps around");
	x = make();
	x.p[3].p_paddr = ~0ull - 0x1000;
	expect_bad(&x, "segment wraps around");
	x = make();
	x.p[3].p_align = 0x1001;
	expect_bad(&x, "segment alignment is no power of two");
	x = make();
	x.p[3].p_vaddr += 8;
	expect_bad(&x, "segment is not aligned as it says itself");
	x = make();
	x.p[0].p_memsz = 0x2000;
	expect_bad(&x, "segments overlap or do not ascend");
}

static void test_truncated(void **state)
{
	const struct program x = make();
	struct elf_file f;

	(void)state;
	for (size_t n = 0; n < sizeof(x); n++) {
		uint8_t *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, &x, n);
		assert_int_equal(elf_open(&f, copy, n, NULL), ERR_FORMAT);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_bad_segments),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

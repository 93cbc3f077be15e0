/* SPDX-License-Identifier: MIT */
/* Programs as memory: ELF segments by physical address, flat files. */
/* test-sources: tools/igvmbuild/program.c lib/elf.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "abi/elf.h"
#include "tests/unit/tools/heard.h"
#include "tools/igvmbuild/program.h"

#define BASE	  0x8000000ull
#define HIGH	  0xffffffff80000000ull
#define FILE_SIZE 0x5000u

/* Boot code, kernel text, and data with bss: what kernel.lds makes. */
struct fake_elf {
	struct elf64_ehdr header;
	struct elf64_phdr segment[3];
};

static uint8_t file_bytes[FILE_SIZE];
static const struct file_bytes file = { file_bytes, FILE_SIZE };

static struct elf64_phdr load(uint32_t flags, uint64_t offset, uint64_t va,
			      uint64_t filesz, uint64_t memsz)
{
	return (struct elf64_phdr){
		.p_type = PT_LOAD,
		.p_flags = flags,
		.p_offset = offset,
		.p_vaddr = va,
		.p_paddr = va >= HIGH ? va - HIGH + BASE : va,
		.p_filesz = filesz,
		.p_memsz = memsz,
		.p_align = 0x1000,
	};
}

static struct fake_elf *fake(void)
{
	struct fake_elf *f = (struct fake_elf *)(void *)file_bytes;
	static const uint8_t ident[] = { 0x7f,	    'E',	'L',
					 'F',	    ELFCLASS64, ELFDATA2LSB,
					 EV_CURRENT };

	memset(file_bytes, 0xaa, sizeof(file_bytes));
	memset(f, 0, sizeof(*f));
	memcpy(f->header.e_ident, ident, sizeof(ident));
	f->header.e_type = ET_EXEC;
	f->header.e_machine = EM_X86_64;
	f->header.e_version = EV_CURRENT;
	f->header.e_entry = BASE;
	f->header.e_phoff = sizeof(f->header);
	f->header.e_ehsize = sizeof(f->header);
	f->header.e_phentsize = sizeof(f->segment[0]);
	f->header.e_phnum = 3;
	f->segment[0] = load(PF_R | PF_X, 0x1000, BASE, 0x100, 0x100);
	f->segment[1] =
		load(PF_R | PF_X, 0x2000, HIGH + 0x1000, 0x1001, 0x1001);
	f->segment[2] = load(PF_R | PF_W, 0x4000, HIGH + 0x3000, 0x10, 0x4000);
	return f;
}

static void places_by_physical_address(void **state)
{
	static const bool loaded[] = { true,  true,  true, true,
				       false, false, false };
	struct program p;

	(void)state;
	fake();
	assert_int_equal(program_elf("svsm", &file, &p), OK);
	assert_int_equal(p.base, BASE);
	assert_int_equal(p.size, 0x7000);
	assert_int_equal(p.entry, BASE);
	assert_memory_equal(p.loaded, loaded, sizeof(loaded));
	assert_int_equal(p.bytes[0xff], 0xaa);
	assert_int_equal(p.bytes[0x100], 0);
	assert_int_equal(p.bytes[0x2000], 0xaa);
	assert_int_equal(p.bytes[0x3010], 0);
	program_free(&p);
}

static void refuses(const char *why)
{
	struct program p;

	assert_int_equal(program_elf("svsm", &file, &p), ERR_FORMAT);
	assert_true(heard_take(why));
}

static void refuses_physical_overlap(void **state)
{
	struct fake_elf *f = fake();

	(void)state;
	f->segment[2].p_paddr = BASE + 0x2000;
	refuses("overlap");
}

static void refuses_a_wide_span(void **state)
{
	struct fake_elf *f = fake();

	(void)state;
	f->segment[2].p_paddr = BASE + 0x10000000;
	refuses("64 MiB");
	f->segment[2].p_paddr = PA_LIMIT;
	refuses("physical memory");
}

/* The high entry is fine as an address of the ELF file, but paging is off. */
static void refuses_a_virtual_entry(void **state)
{
	struct fake_elf *f = fake();

	(void)state;
	f->header.e_entry = HIGH + 0x1000;
	refuses("entry");
}

static void refuses_what_is_no_elf(void **state)
{
	struct fake_elf *f = fake();

	(void)state;
	f->header.e_ident[0] = 0;
	refuses("not a static ELF");
}

static void takes_flat_files(void **state)
{
	const struct file_bytes flat = { file_bytes, 0x1001 };
	const struct file_bytes empty = { file_bytes, 0 };
	struct program p;

	(void)state;
	fake();
	assert_true(program_is_elf(&file));
	assert_false(program_is_elf(&empty));
	assert_int_equal(program_flat("guest", &flat, 0x200000, &p), OK);
	assert_int_equal(p.size, 0x2000);
	assert_int_equal(p.entry, 0x200000);
	assert_true(p.loaded[1]);
	assert_int_equal(p.bytes[0x1001], 0);
	program_free(&p);
	assert_int_equal(program_flat("guest", &empty, 0x200000, &p),
			 ERR_FORMAT);
	assert_true(heard_take("empty"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_by_physical_address),
		cmocka_unit_test(refuses_physical_overlap),
		cmocka_unit_test(refuses_a_wide_span),
		cmocka_unit_test(refuses_a_virtual_entry),
		cmocka_unit_test(refuses_what_is_no_elf),
		cmocka_unit_test(takes_flat_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

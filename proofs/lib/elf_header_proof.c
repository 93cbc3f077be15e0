/* SPDX-License-Identifier: MIT */
/* proof: a header that was taken is of a 64-bit x86 program, and its whole table of
 *   program headers lies in the file
 * sources: lib/elf.c lib/cursor.h
 * bound: any header, a file of any size up to 4 GiB
 * flags: --unwind 2
 * mutation: lib/elf.c@header_check: h->e_phoff, h->e_phnum * => h->e_phoff, 0 *
 * mutation: lib/elf.c@in_file: at <= f->size && =>
 * mutation: lib/elf.c@header_check: h->e_phnum > PHDR_COUNT_MAX => false
 * mutation: lib/elf.c@header_check: h->e_ident[EI_CLASS] != ELFCLASS64 || =>
 */
#include "lib/elf.c"

#include <stdlib.h>

#include "proofs/fake/proof.h"

int main(void)
{
	size_t size = any_upto(UINT32_MAX);
	struct elf_file f = { .bytes = malloc(size), .size = size };

	if (header_check(&f))
		return 0;
	PROVE(size >= sizeof(f.header));
	PROVE(f.header.e_phnum && f.header.e_phnum <= 64);
	PROVE(f.header.e_phoff <= size);
	PROVE(f.header.e_phnum * 56u <= size - f.header.e_phoff);
	PROVE(f.header.e_machine == 62 && f.header.e_ident[4] == 2);
	SEEN(f.header.e_phoff == size - 56);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* proof: of a file that was taken, every segment lies in it, none wraps, overlaps
 *   or has more file than memory, and the entry is in an executable one
 * sources: lib/elf.c lib/cursor.h
 * bound: 2 program headers right behind the file's, and 8 bytes more
 * flags: --unwind 4
 * seconds: 60
 * mutation: lib/elf.c@in_file: size <= f->size - at => size <= f->size
 * mutation: lib/elf.c@load_check: p->p_filesz > p->p_memsz => false
 * mutation: lib/elf.c@load_check: p->p_vaddr < f->high => p->p_vaddr < f->low
 */
#include "lib/elf.h"
#include "proofs/fake/proof.h"

static struct {
	struct elf64_ehdr header;
	struct elf64_phdr phdr[2];
	uint8_t more[8];
} image;

static bool holds(const struct elf_segment *s, uint64_t va)
{
	return s->exec && va >= s->va && va - s->va < s->mem_size;
}

static void segment(const struct elf_file *f, const struct elf_segment *s,
		    size_t size)
{
	size_t at = (size_t)(s->bytes - (const uint8_t *)&image);

	PROVE(at <= size && s->file_size <= size - at);
	PROVE(s->file_size <= s->mem_size);
	PROVE(s->mem_size <= UINT64_MAX - s->va);
	PROVE(s->va >= f->low && s->va + s->mem_size <= f->high);
}

int main(void)
{
	struct elf_segment one, two;
	struct elf_file f;
	size_t size = any_upto(sizeof(image));
	bool entry;

	ANY(image);
	/* Where the headers are is lib/elf_header's; known, it costs less. */
	image.header.e_phoff = sizeof(image.header);
	if (elf_open(&f, &image, size, NULL) != OK)
		return 0;
	PROVE(f.segment_count >= 1 && f.segment_count <= 2);
	PROVE(elf_segment(&f, f.segment_count, &one) == ERR_RANGE);
	PROVE(elf_segment(&f, 0, &one) == OK);
	segment(&f, &one, size);
	entry = holds(&one, f.header.e_entry);
	if (f.segment_count == 2) {
		PROVE(elf_segment(&f, 1, &two) == OK);
		segment(&f, &two, size);
		PROVE(one.va + one.mem_size <= two.va);
		entry |= holds(&two, f.header.e_entry);
	}
	PROVE(entry);
	return 0;
}

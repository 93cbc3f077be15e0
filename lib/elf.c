/* SPDX-License-Identifier: MIT */
/* Static ELF64 programs; every number in them is taken for hostile. */
#include "lib/elf.h"

#include "lib/cursor.h"

/* An image of ours has a handful; more would only be work for nothing. */
#define PHDR_COUNT_MAX 64u

/* Written without a sum, which could wrap. */
static bool in_file(const struct elf_file *f, uint64_t at, uint64_t size)
{
	return at <= f->size && size <= f->size - at;
}

/* Caller: the table lies in the file and index is below its count. */
static struct elf64_phdr phdr_at(const struct elf_file *f, uint32_t index)
{
	struct elf64_phdr p;

	memcpy(&p, f->bytes + f->header.e_phoff + index * sizeof(p), sizeof(p));
	return p;
}

static const char *header_check(struct elf_file *f)
{
	struct cursor c = cursor_make(f->bytes, f->size);
	struct elf64_ehdr *h = &f->header;
	uint32_t magic;

	cursor_bytes(&c, h, sizeof(*h));
	memcpy(&magic, h->e_ident, sizeof(magic));
	if (c.failed || magic != ELF_MAGIC)
		return "not an ELF file";
	if (h->e_ident[EI_CLASS] != ELFCLASS64 ||
	    h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_machine != EM_X86_64)
		return "not an ELF file for x86-64";
	if (h->e_ident[EI_VERSION] != EV_CURRENT || h->e_version != EV_CURRENT)
		return "unknown ELF version";
	if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
		return "ELF file is no program";
	if (h->e_phentsize != sizeof(struct elf64_phdr) || !h->e_phnum)
		return "program headers are missing or of a wrong size";
	if (h->e_phnum > PHDR_COUNT_MAX)
		return "too many program headers";
	if (!in_file(f, h->e_phoff, h->e_phnum * sizeof(struct elf64_phdr)))
		return "program headers lie outside the file";
	return NULL;
}

/* Later code adds these numbers without asking again; none may wrap. */
static const char *load_check(struct elf_file *f, const struct elf64_phdr *p)
{
	if (p->p_filesz > p->p_memsz)
		return "segment has more file than memory bytes";
	if (!in_file(f, p->p_offset, p->p_filesz))
		return "segment lies outside the file";
	if (p->p_memsz > UINT64_MAX - p->p_vaddr ||
	    p->p_memsz > UINT64_MAX - p->p_paddr)
		return "segment wraps around";
	if (p->p_align & (p->p_align - 1))
		return "segment alignment is no power of two";
	if (p->p_align > 1 && ((p->p_vaddr ^ p->p_offset) & (p->p_align - 1)))
		return "segment is not aligned as it says itself";
	/* Ascending order makes overlap a comparison with one number. */
	if (f->segment_count && p->p_vaddr < f->high)
		return "segments overlap or do not ascend";
	if (!f->segment_count)
		f->low = p->p_vaddr;
	f->high = p->p_vaddr + p->p_memsz;
	f->segment_count++;
	return NULL;
}

static bool holds(const struct elf64_phdr *p, uint64_t va)
{
	return va >= p->p_vaddr && va - p->p_vaddr < p->p_memsz;
}

/* An interpreter would run before the program, and nobody checked it. */
static const char *segments_check(struct elf_file *f)
{
	bool entry = false;

	for (uint32_t i = 0; i < f->header.e_phnum; i++) {
		struct elf64_phdr p = phdr_at(f, i);
		const char *wrong = NULL;

		if (p.p_type == PT_INTERP)
			return "program is not static";
		if (p.p_type != PT_LOAD)
			continue;
		wrong = load_check(f, &p);
		if (wrong)
			return wrong;
		entry |= (p.p_flags & PF_X) && holds(&p, f->header.e_entry);
	}
	if (!f->segment_count)
		return "program has nothing to load";
	return entry ? NULL : "entry point is not in an executable segment";
}

enum err elf_open(struct elf_file *file, const void *bytes, size_t size,
		  const char **why)
{
	const char *wrong;

	memset(file, 0, sizeof(*file));
	file->bytes = bytes;
	file->size = size;
	wrong = header_check(file);
	if (!wrong)
		wrong = segments_check(file);
	if (wrong && why)
		*why = wrong;
	return wrong ? ERR_FORMAT : OK;
}

enum err elf_segment(const struct elf_file *file, uint32_t index,
		     struct elf_segment *out)
{
	for (uint32_t i = 0; i < file->header.e_phnum; i++) {
		struct elf64_phdr p = phdr_at(file, i);

		if (p.p_type != PT_LOAD || index--)
			continue;
		*out = (struct elf_segment){
			.va = p.p_vaddr,
			.pa = p.p_paddr,
			.mem_size = p.p_memsz,
			.file_size = p.p_filesz,
			.align = p.p_align,
			.bytes = file->bytes + p.p_offset,
			.read = p.p_flags & PF_R,
			.write = p.p_flags & PF_W,
			.exec = p.p_flags & PF_X,
		};
		return OK;
	}
	return ERR_RANGE;
}

enum err elf_phdr_find(const struct elf_file *file, uint32_t type,
		       struct elf64_phdr *out)
{
	for (uint32_t i = 0; i < file->header.e_phnum; i++) {
		struct elf64_phdr p = phdr_at(file, i);

		if (p.p_type == type) {
			*out = p;
			return OK;
		}
	}
	return ERR_ABSENT;
}

enum err elf_phdr_va(const struct elf_file *file, uint64_t *va)
{
	uint64_t at = file->header.e_phoff;
	uint64_t size = file->header.e_phnum * sizeof(struct elf64_phdr);

	for (uint32_t i = 0; i < file->header.e_phnum; i++) {
		struct elf64_phdr p = phdr_at(file, i);

		/* The whole table must come from the file bytes of a segment. */
		if (p.p_type != PT_LOAD || at < p.p_offset ||
		    at - p.p_offset > p.p_filesz ||
		    size > p.p_filesz - (at - p.p_offset))
			continue;
		*va = p.p_vaddr + (at - p.p_offset);
		return OK;
	}
	return ERR_ABSENT;
}

/* Sections are for symbols only; a broken table counts as none. */
static enum err section_at(const struct elf_file *f, uint32_t index,
			   struct elf64_shdr *s)
{
	const struct elf64_ehdr *h = &f->header;

	if (h->e_shentsize != sizeof(*s) || index >= h->e_shnum ||
	    !in_file(f, h->e_shoff, h->e_shnum * sizeof(*s)))
		return ERR_ABSENT;
	memcpy(s, f->bytes + h->e_shoff + index * sizeof(*s), sizeof(*s));
	return OK;
}

/* The symbol table and the strings it names, both wholly inside the file. */
static enum err symtab_find(const struct elf_file *f, struct elf64_shdr *tab,
			    struct elf64_shdr *strings)
{
	for (uint32_t i = 0; section_at(f, i, tab) == OK; i++) {
		if (tab->sh_type != SHT_SYMTAB)
			continue;
		if (tab->sh_entsize != sizeof(struct elf64_sym) ||
		    !in_file(f, tab->sh_offset, tab->sh_size) ||
		    section_at(f, tab->sh_link, strings) != OK ||
		    strings->sh_type != SHT_STRTAB ||
		    !in_file(f, strings->sh_offset, strings->sh_size))
			return ERR_ABSENT;
		return OK;
	}
	return ERR_ABSENT;
}

static const char *name_at(const struct elf_file *f,
			   const struct elf64_shdr *strings, uint32_t at)
{
	const char *s = (const char *)f->bytes + strings->sh_offset;

	/* Without its end inside the section it would run on into the file. */
	if (at >= strings->sh_size || !memchr(s + at, 0, strings->sh_size - at))
		return "";
	return s + at;
}

static enum err symbol_read(const struct elf_file *f,
			    const struct elf64_shdr *tab,
			    const struct elf64_shdr *strings, uint32_t index,
			    struct elf_symbol *out)
{
	struct elf64_sym s;

	if (index >= tab->sh_size / sizeof(s))
		return ERR_ABSENT;
	memcpy(&s, f->bytes + tab->sh_offset + index * sizeof(s), sizeof(s));
	*out = (struct elf_symbol){
		.name = name_at(f, strings, s.st_name),
		.value = s.st_value,
		.size = s.st_size,
		.type = ELF64_ST_TYPE(s.st_info),
		.local = ELF64_ST_BIND(s.st_info) == STB_LOCAL,
	};
	return OK;
}

enum err elf_symbol_at(const struct elf_file *file, uint32_t index,
		       struct elf_symbol *out)
{
	struct elf64_shdr tab, strings;

	if (symtab_find(file, &tab, &strings) != OK)
		return ERR_ABSENT;
	return symbol_read(file, &tab, &strings, index, out);
}

enum err elf_symbol_find(const struct elf_file *file, const char *name,
			 struct elf_symbol *out)
{
	struct elf64_shdr tab, strings;
	struct elf_symbol s;

	if (symtab_find(file, &tab, &strings) != OK)
		return ERR_ABSENT;
	for (uint32_t i = 0; symbol_read(file, &tab, &strings, i, &s) == OK;
	     i++) {
		if (s.name[0] && str_equal(s.name, name)) {
			*out = s;
			return OK;
		}
	}
	return ERR_ABSENT;
}

enum err elf_symbol_near(const struct elf_file *file, uint64_t address,
			 struct elf_symbol *out)
{
	struct elf64_shdr tab, strings;
	struct elf_symbol s;
	bool found = false;

	if (symtab_find(file, &tab, &strings) != OK)
		return ERR_ABSENT;
	for (uint32_t i = 0; symbol_read(file, &tab, &strings, i, &s) == OK;
	     i++) {
		/* Hand-written assembly has labels without type and size. */
		if (!s.name[0] || s.type > STT_FUNC || address < s.value ||
		    (s.size && address - s.value >= s.size))
			continue;
		if (found && s.value < out->value)
			continue;
		*out = s;
		found = true;
	}
	return found ? OK : ERR_ABSENT;
}

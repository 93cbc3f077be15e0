/* SPDX-License-Identifier: MIT */
/* Symbols in the file's order, each with the source file that precedes it. */
#include "tools/stackuse/binary.h"

#include <string.h>

/* A symbol table names a file, then its local symbols; global ones come last,
 * of no file. */
static void symbols_read(struct binary *b)
{
	const char *file = "";
	struct elf_symbol s;

	for (uint32_t i = 0; elf_symbol_at(&b->elf, i, &s) == OK; i++) {
		if (s.type == STT_FILE) {
			file = s.name;
			continue;
		}
		if (s.name[0])
			*POOL_ADD(b->pool, b) = (struct symbol){
				.name = s.name,
				.file = s.local ? file : "",
				.value = s.value,
				.size = s.size,
				.type = s.type,
				.local = s.local,
			};
	}
}

enum err binary_open(struct binary *binary, struct pool *pool, const char *name,
		     const void *bytes, size_t size, struct complaints *wrong)
{
	const char *why = "not a program";

	*binary = (struct binary){ .pool = pool };
	if (elf_open(&binary->elf, bytes, size, &why) != OK) {
		complain(wrong, "%s: %s", name, why);
		return ERR_FORMAT;
	}
	symbols_read(binary);
	if (binary->count)
		return OK;
	complain(wrong, "%s: no symbols", name);
	return ERR_FORMAT;
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Two files of one name may each have a local function of one name: then both
 * fit, and the deeper one will count. Assembly's names have no file. */
static bool is_symbol_of(const struct symbol *s, const struct function *f)
{
	if (s->type == STT_OBJECT || strcmp(s->name, f->symbol) != 0)
		return false;
	if (f->file[0])
		return s->local && !strcmp(s->file, last_name(f->file));
	return !s->local || f->from != FRAME_COMPILER;
}

const struct symbol *binary_function(const struct binary *binary,
				     const struct function *f)
{
	for (size_t i = 0; i < binary->count; i++)
		if (is_symbol_of(&binary->items[i], f))
			return &binary->items[i];
	return NULL;
}

static bool in_code(const struct binary *b, uint64_t address)
{
	struct elf_segment s;

	for (uint32_t i = 0; elf_segment(&b->elf, i, &s) == OK; i++)
		if (s.exec && address >= s.va && address - s.va < s.mem_size)
			return true;
	return false;
}

bool binary_functions_at(const struct binary *binary, const struct graph *graph,
			 uint64_t address, struct call_list *out)
{
	size_t before = out->count;

	if (!in_code(binary, address))
		return true;
	for (size_t i = 0; i < binary->count; i++) {
		const struct symbol *s = &binary->items[i];

		if (s->value != address || s->type == STT_OBJECT)
			continue;
		for (uint32_t n = 0; n < graph->count; n++)
			if (graph->items[n].linked &&
			    is_symbol_of(s, &graph->items[n]))
				*POOL_ADD(graph->pool, out) =
					(struct call){ n, "" };
	}
	return out->count > before;
}

/* gcc numbers the tables that live in functions: calls.3 is calls. */
static bool table_means(const struct symbol *s, const char *name, size_t size,
			const char *file, size_t file_size)
{
	if (strncmp(s->name, name, size) != 0 ||
	    (s->name[size] && s->name[size] != '.'))
		return false;
	return !file_size || (strlen(s->file) == file_size &&
			      !memcmp(s->file, file, file_size));
}

/* What the image's start writes, no file can tell. */
static bool is_constant(const struct binary *b, const struct symbol *s)
{
	struct elf_segment g;

	for (uint32_t i = 0; elf_segment(&b->elf, i, &g) == OK; i++)
		if (!g.write && s->value >= g.va &&
		    s->value - g.va <= g.file_size &&
		    s->size <= g.file_size - (s->value - g.va))
			return true;
	return false;
}

const struct symbol *binary_table(const struct binary *binary, const char *name,
				  const char **why)
{
	const char *colon = strchr(name, ':');
	const char *symbol = colon ? colon + 1 : name;
	size_t size = strcspn(symbol, ".[");
	const struct symbol *found = NULL;

	for (size_t i = 0; i < binary->count; i++) {
		const struct symbol *s = &binary->items[i];

		if (s->type != STT_OBJECT ||
		    !table_means(s, symbol, size, name,
				 colon ? (size_t)(colon - name) : 0))
			continue;
		if (found && found->value != s->value) {
			*why = "the image has more than one of that name";
			return NULL;
		}
		found = s;
	}
	*why = "the image has no such table";
	if (found && !is_constant(binary, found)) {
		*why = "it can be written: what it holds is not certain";
		return NULL;
	}
	return found;
}

uint64_t binary_word(const struct binary *binary, const struct symbol *table,
		     uint64_t n)
{
	uint64_t at = table->value + n * 8, word = 0;
	struct elf_segment s;

	for (uint32_t i = 0; elf_segment(&binary->elf, i, &s) == OK; i++)
		if (at >= s.va && at - s.va < s.file_size &&
		    s.file_size - (at - s.va) >= sizeof(word))
			memcpy(&word, s.bytes + (at - s.va), sizeof(word));
	return word;
}

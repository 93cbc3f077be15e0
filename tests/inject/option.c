/* SPDX-License-Identifier: MIT */
/* Words of the guest's command line. */
#include "tests/inject/option.h"

#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

static char line[512];

void option_init(const struct params *params)
{
	const struct params_range *from = &params->guest.cmdline;
	uint64_t size = from->size < sizeof(line) ? from->size
						  : sizeof(line) - 1;
	uint64_t done, part;

	for (done = 0; done < size; done += part) {
		uint64_t at = from->start + done;
		uint64_t off = at & (PAGE_4K - 1);
		struct tmpmap map =
			tmpmap_4k((struct pa){ at - off }, KMAP_READ);

		part = PAGE_4K - off < size - done ? PAGE_4K - off
						   : size - done;
		memcpy(line + done, (const char *)map.va + off, part);
		tmpmap_drop(map);
	}
}

/* What follows "name=" at the beginning of a word; NULL: nowhere. */
static const char *value_of(const char *name)
{
	size_t length = strlen(name);
	bool begins = true;

	for (const char *c = line; *c; c++) {
		if (begins && str_starts_with(c, name) && c[length] == '=')
			return c + length + 1;
		begins = *c == ' ';
	}
	return NULL;
}

bool option_value(const char *name, char value[OPTION_VALUE_MAX])
{
	const char *from = value_of(name);
	size_t i;

	if (!from)
		return false;
	for (i = 0; from[i] && from[i] != ' ' && i < OPTION_VALUE_MAX - 1; i++)
		value[i] = from[i];
	value[i] = 0;
	return true;
}

uint64_t option_number(const char *name)
{
	const char *from = value_of(name);
	uint64_t number = 0;

	for (; from && *from >= '0' && *from <= '9'; from++)
		number = number * 10 + (uint64_t)(*from - '0');
	return number;
}

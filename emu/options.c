/* SPDX-License-Identifier: MIT */
/* One pass over the command line; no word is ignored after the first option. */
#include "emu/options.h"

#include "lib/addr.h"
#include "lib/str.h"

/* Digits with an optional 0x and an optional K, M or G; *at moves past them. */
static enum err number(const char **at, uint64_t *out)
{
	const char *s = *at;
	unsigned base = 10;
	uint64_t v = 0;

	if (s[0] == '0' && s[1] == 'x') {
		base = 16;
		s += 2;
	}
	for (const char *first = s;; s++) {
		unsigned c = (unsigned char)*s | 0x20u;
		unsigned digit = c >= 'a' ? c - 'a' + 10 : c - '0';

		if (digit >= base) {
			if (s == first)
				return ERR_FORMAT;
			break;
		}
		if (v > (UINT64_MAX - digit) / base)
			return ERR_RANGE;
		v = v * base + digit;
	}
	for (const char *unit = "KMG"; *unit; unit++) {
		if (*s != *unit)
			continue;
		for (long n = unit - "KMG"; n >= 0; n--) {
			if (v >> 54)
				return ERR_RANGE;
			v <<= 10;
		}
		s++;
		break;
	}
	*at = s;
	*out = v;
	return OK;
}

static bool ends(char c)
{
	return c == '\0' || c == ' ';
}

static enum err number_word(const char **at, uint64_t *out)
{
	enum err e = number(at, out);

	if (e == OK && !ends(**at))
		e = ERR_FORMAT;
	return e;
}

/* Takes `word` if it stands at *at and ends there. */
static bool take(const char **at, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

static enum err cpu_features(const char **at, struct options *o)
{
	do {
		if (take(at, "noxsave")) {
			o->xsave = XSAVE_HIDE;
		} else if (take(at, "xsave")) {
			o->xsave = XSAVE_SHOW;
		} else if (take(at, "x2apic")) {
			o->x2apic = true;
		} else if (take(at, "pcid")) {
			o->pcid = true;
		} else {
			return ERR_FORMAT;
		}
	} while (take(at, ","));
	return ends(**at) ? OK : ERR_FORMAT;
}

static enum err memory_size(const char **at, struct options *o)
{
	enum err e = number_word(at, &o->memory);

	if (e == OK &&
	    (o->memory > PA_LIMIT || !addr_aligned(o->memory, PAGE_4K)))
		e = ERR_RANGE;
	return e;
}

static enum err cpu_count(const char **at, struct options *o)
{
	uint64_t n;
	enum err e = number_word(at, &n);

	if (e == OK && (n == 0 || n > UINT32_MAX))
		e = ERR_RANGE;
	if (e == OK)
		o->cpus = (uint32_t)n;
	return e;
}

/* map=unsorted, map=hole@0x8000000, ... */
static enum err map_lie(const char **at, struct options *o)
{
	size_t size = 0;
	enum err e;

	while (!ends((*at)[size]) && (*at)[size] != '@')
		size++;
	e = maplie_named(*at, size, &o->map.kind);
	*at += size;
	if (e != OK || !maplie_has_address(o->map.kind))
		return e == OK && ends(**at) ? OK : ERR_FORMAT;
	if (!take(at, "@"))
		return ERR_FORMAT;
	e = number_word(at, &o->map.at);
	if (e == OK && (o->map.at >= PA_LIMIT || o->map.at % PAGE_4K))
		e = ERR_RANGE;
	return e;
}

/* acpi=madt-sum, ... */
static enum err acpi_lie(const char **at, struct options *o)
{
	size_t size = 0;

	while (!ends((*at)[size]))
		size++;
	if (acpilie_named(*at, size, &o->acpi) != OK)
		return ERR_FORMAT;
	*at += size;
	return OK;
}

static enum err fwcfg_lie(const char **at, struct options *o)
{
	if (take(at, "e820"))
		o->fwcfg = FWCFG_E820;
	else if (take(at, "size"))
		o->fwcfg = FWCFG_SIZE;
	else if (take(at, "cpus"))
		o->fwcfg = FWCFG_CPUS;
	return o->fwcfg && ends(**at) ? OK : ERR_FORMAT;
}

static enum err attack_name(const char **at, struct options *o)
{
	size_t size = 0;

	while (!ends((*at)[size]))
		size++;
	if (!size || size >= sizeof(o->attack))
		return ERR_FORMAT;
	memcpy(o->attack, *at, size);
	*at += size;
	return OK;
}

/* ERR_ABSENT: no option of ours starts here. */
static enum err option(const char **at, struct options *o)
{
	enum err e;

	if (take(at, "violation=fault")) {
		o->violation_fault = true;
		return ends(**at) ? OK : ERR_FORMAT;
	}
	if (take(at, "tlb=lazy")) {
		o->tlb_lazy = true;
		return ends(**at) ? OK : ERR_FORMAT;
	}
	if (take(at, "count=flushes")) {
		o->count_flushes = true;
		return ends(**at) ? OK : ERR_FORMAT;
	}
	if (take(at, "mem="))
		return memory_size(at, o);
	if (take(at, "cpus="))
		return cpu_count(at, o);
	if (take(at, "seed="))
		return number_word(at, &o->seed);
	if (take(at, "cpu="))
		return cpu_features(at, o);
	if (take(at, "map="))
		return map_lie(at, o);
	if (take(at, "acpi="))
		return acpi_lie(at, o);
	if (take(at, "fwcfg="))
		return fwcfg_lie(at, o);
	if (take(at, "attack="))
		return attack_name(at, o);
	if (take(at, "cmdline=")) {
		e = str_copy(o->cmdline, sizeof(o->cmdline), *at);
		*at += strlen(*at);
		return e;
	}
	if (strncmp(*at, "trace", 5) == 0 && ends((*at)[5])) {
		*at += 5;
		o->trace = true;
		return OK;
	}
	return ERR_ABSENT;
}

enum err options_parse(const char *line, struct options *out, const char **bad)
{
	bool started = false;

	memset(out, 0, sizeof(*out));
	while (*line) {
		const char *word = line;
		enum err e;

		if (*line == ' ') {
			line++;
			continue;
		}
		e = option(&line, out);
		if (e == ERR_ABSENT && !started) {
			while (!ends(*line))
				line++;
			continue;
		}
		if (e != OK) {
			*bad = word;
			return ERR_FORMAT;
		}
		started = true;
	}
	return OK;
}

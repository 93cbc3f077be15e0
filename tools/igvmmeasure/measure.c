/* SPDX-License-Identifier: MIT */
/* Options, the digest by libcrypto, and what is printed about it. */
#include "tools/igvmmeasure/measure.h"

#include <stdio.h>
#include <string.h>

#include "lib/igvm_digest.h"
#include "tools/common/args.h"
#include "tools/common/image.h"
#include "tools/common/say.h"
#include "tools/common/sha.h"

struct options {
	bool json, verbose;
	const char *platform;
	struct igvm_digest_rules rules;
};

#define HEX_SIZE (2 * SNP_DIGEST_SIZE + 1)

static void hex(const uint8_t digest[SNP_DIGEST_SIZE], char text[HEX_SIZE])
{
	for (size_t i = 0; i < SNP_DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static const char *type_name(unsigned int type)
{
	static const char *const names[] = {
		[SNP_PAGE_TYPE_NORMAL] = "NORMAL",
		[SNP_PAGE_TYPE_VMSA] = "VMSA",
		[SNP_PAGE_TYPE_ZERO] = "ZERO",
		[SNP_PAGE_TYPE_UNMEASURED] = "UNMEASURED",
		[SNP_PAGE_TYPE_SECRETS] = "SECRETS",
		[SNP_PAGE_TYPE_CPUID] = "CPUID",
	};

	return names[type];
}

static void step_text(void *context, const struct igvm_item *item,
		      unsigned int type, struct pa gpa,
		      const struct launch_digest *d)
{
	char ld[HEX_SIZE];

	(void)context;
	hex(d->ld, ld);
	printf("0x%08x %-10s 0x%012llx %s\n", item->offset, type_name(type),
	       (unsigned long long)gpa.v, ld);
}

static void step_json(void *context, const struct igvm_item *item,
		      unsigned int type, struct pa gpa,
		      const struct launch_digest *d)
{
	char ld[HEX_SIZE];

	(void)context;
	hex(d->ld, ld);
	printf("%s    {\"offset\": %u, \"type\": \"%s\", \"gpa\": \"0x%llx\", "
	       "\"digest\": \"%s\"}",
	       d->pages > 1 ? ",\n" : "", item->offset, type_name(type),
	       (unsigned long long)gpa.v, ld);
}

static const char *json_bool(bool b)
{
	return b ? "true" : "false";
}

/* After the steps, if there are any; measure() has opened the object. */
static void print_json(const struct options *o, const struct launch_digest *d)
{
	char ld[HEX_SIZE];

	hex(d->ld, ld);
	if (o->verbose)
		printf("\n  ],\n");
	printf("  \"platform\": \"sev-snp\",\n"
	       "  \"native_zero\": %s,\n  \"vmsa_last\": %s,\n"
	       "  \"pages\": %llu,\n  \"launch_digest\": \"%s\"\n}\n",
	       json_bool(o->rules.native_zero), json_bool(o->rules.vmsa_last),
	       (unsigned long long)d->pages, ld);
}

/* The processor compares at LAUNCH_FINISH and refuses to start otherwise. */
static enum err id_block_check(const struct igvm_file *f,
			       const struct launch_digest *d,
			       struct igvm_fault *fault)
{
	struct igvm_iter it = igvm_first(f);
	struct igvm_item item;
	uint32_t mask;

	if (igvm_platform_mask(f, IGVM_PLATFORM_SEV_SNP, &mask) != OK)
		return OK;
	while (igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_SNP_ID_BLOCK || !(item.mask & mask))
			continue;
		if (memcmp(item.id_block.ld, d->ld, SNP_DIGEST_SIZE) == 0)
			continue;
		*fault = (struct igvm_fault){
			item.offset, "ID block is for another launch digest"
		};
		return ERR_FORMAT;
	}
	return OK;
}

/* A bad file must not leave half a report behind: measure once in silence. */
static enum err measure(const struct igvm_file *f, const struct options *o,
			struct launch_digest *d, struct igvm_fault *fault)
{
	const struct igvm_digest_watch watch = { o->json ? step_json
							 : step_text,
						 NULL };
	enum err e;

	launch_digest_init(d, &sha_libcrypto);
	e = igvm_digest(f, &o->rules, NULL, d, fault);
	if (e != OK)
		return e;
	if (o->json)
		printf("{\n%s", o->verbose ? "  \"steps\": [\n" : "");
	if (!o->verbose)
		return OK;
	launch_digest_init(d, &sha_libcrypto);
	return igvm_digest(f, &o->rules, &watch, d, fault);
}

/* The digest is printed even if the ID block is wrong: it tells the right one. */
static int report(const char *path, const struct igvm_file *f,
		  const struct options *o)
{
	struct launch_digest d;
	struct igvm_fault fault;
	char ld[HEX_SIZE];

	if (measure(f, o, &d, &fault) != OK) {
		image_complain(path, &fault);
		return TOOL_BAD_INPUT;
	}
	if (o->json) {
		print_json(o, &d);
	} else {
		hex(d.ld, ld);
		printf("%s\n", ld);
	}
	if (id_block_check(f, &d, &fault) != OK) {
		image_complain(path, &fault);
		return TOOL_BAD_INPUT;
	}
	return TOOL_OK;
}

/* A full disk must not look like a measured file. */
static int run_file(const char *path, const struct options *o)
{
	struct image image;
	enum err e = image_open(path, &image);
	int code;

	if (e != OK)
		return e == ERR_HOST ? TOOL_USAGE : TOOL_BAD_INPUT;
	code = report(path, &image.igvm, o);
	image_close(&image);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error("standard output: cannot be written");
		return TOOL_USAGE;
	}
	return code;
}

int measure_run(int argc, char **argv)
{
	struct options o = { .platform = "snp" };
	const struct arg_option options[] = {
		{ "json", 'j', NULL, "print JSON", ARG_FLAG, &o.json },
		{ "verbose", 'v', NULL, "print each page and the digest so far",
		  ARG_FLAG, &o.verbose },
		{ "platform", 'p', "NAME", "snp, the default and only one",
		  ARG_TEXT, &o.platform },
		{ "native-zero", 0, NULL,
		  "measure pages without data as ZERO, not as NORMAL", ARG_FLAG,
		  &o.rules.native_zero },
		{ "vmsa-last", 0, NULL, "measure VMSAs at the end, as KVM does",
		  ARG_FLAG, &o.rules.vmsa_last },
	};
	const struct arg_program program = {
		.name = "igvmmeasure",
		.usage = "FILE [OPTIONS]",
		.summary = "Print the SEV-SNP launch digest of an IGVM file.",
		.footer = "Exit status: 0 measured, 1 wrong usage or file not "
			  "readable, 2 bad file.",
		.options = options,
		.option_count = ARRAY_COUNT(options),
		.words_min = 1,
		.words_max = 1,
	};
	struct args args;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	if (strcmp(o.platform, "snp") != 0) {
		say_error("--platform %s: only snp can be measured",
			  o.platform);
		return TOOL_USAGE;
	}
	return run_file(args.words[0], &o);
}

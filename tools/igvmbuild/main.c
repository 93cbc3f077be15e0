/* SPDX-License-Identifier: MIT */
/* igvmbuild: makes the IGVM launch image of an SVSM and its guest. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/igvm.h"
#include "abi/snp/launch.h"
#include "abi/snp/vmsa.h"
#include "tools/common/args.h"
#include "tools/common/place.h"
#include "tools/common/say.h"
#include "tools/igvmbuild/digests.h"
#include "tools/igvmbuild/emit.h"
#include "tools/igvmbuild/services.h"

static struct {
	const char *platform, *svsm, *kernel, *initrd, *cmdline, *guest;
	const char *firmware, *output;
	struct arg_list services;
	uint64_t cpus, cpu_records, nodes, vmpl, format_version, policy;
	uint64_t memory_min, memory_max;
	uint64_t svsm_min, svsm_max, required, service_heap;
	bool no_console, validate_all, digests, verbose, svsm_max_given;
} opt = {
	.platform = "snp",
	.cpus = 64,
	.nodes = 1,
	.vmpl = 2,
	.format_version = IGVM_FORMAT_VERSION_1,
	.policy = SNP_POLICY_DEFAULT,
	.svsm_min = PLAN_SVSM_MIN_DEFAULT,
	.required = PLAN_REQUIRED_DEFAULT,
	.service_heap = 4ull << 20,
};

static const struct arg_option options[] = {
	{ "platform", 'p', "NAME", "snp; native: only packs services", ARG_TEXT,
	  &opt.platform },
	{ "svsm", 's', "ELF", "the SVSM kernel (the one it came with)",
	  ARG_TEXT, &opt.svsm },
	{ "kernel", 'k', "BZIMAGE", "the guest: a Linux kernel", ARG_TEXT,
	  &opt.kernel },
	{ "initrd", 'i', "FILE", "its initial file system", ARG_TEXT,
	  &opt.initrd },
	{ "cmdline", 'c', "TEXT", "its command line", ARG_TEXT, &opt.cmdline },
	{ "guest", 'g', "FILE", "the guest: a flat program, or ELF, instead",
	  ARG_TEXT, &opt.guest },
	{ "firmware", 'f', "FILE", "the guest: an OVMF image, instead",
	  ARG_TEXT, &opt.firmware },
	{ "service", 0, "ELF",
	  "a service below the guest, like the vTPM; again "
	  "for each",
	  ARG_LIST, &opt.services },
	{ "service-heap", 0, "SIZE", "heap that each may take, at most (4M)",
	  ARG_SIZE, &opt.service_heap },
	{ "cpus", 'n', "N", "most vCPUs it may have, 1 to 1024 (64)",
	  ARG_NUMBER, &opt.cpus },
	{ "cpu-records", 0, "N",
	  "most that the host's MADT may list, off or on, up to 8192 (--cpus)",
	  ARG_NUMBER, &opt.cpu_records },
	{ "nodes", 0, "N",
	  "most NUMA nodes it may have, 1 to 64 (1: none told)", ARG_NUMBER,
	  &opt.nodes },
	{ "memory-min", 0, "SIZE", "refuse a host that tells of less RAM",
	  ARG_SIZE, &opt.memory_min },
	{ "memory-max", 0, "SIZE", "refuse a host that tells of more RAM",
	  ARG_SIZE, &opt.memory_max },
	{ "vmpl", 0, "0..3", "the guest's VMPL; 0: the SVSM steps aside (2)",
	  ARG_NUMBER, &opt.vmpl },
	{ "no-console", 0, NULL, "the SVSM stays silent", ARG_FLAG,
	  &opt.no_console },
	{ "validate-all", 0, NULL, "validate all memory for --guest too",
	  ARG_FLAG, &opt.validate_all },
	{ "format-version", 0, "1|2", "IGVM format version (1)", ARG_NUMBER,
	  &opt.format_version },
	{ "policy", 0, "N", "SNP guest policy (0x30000)", ARG_NUMBER,
	  &opt.policy },
	{ "svsm-min", 0, "SIZE", "the SVSM takes no less than this (2M)",
	  ARG_SIZE, &opt.svsm_min },
	{ "svsm-max", 0, "SIZE", "nor more (64M and 96K for each vCPU)",
	  ARG_SIZE, &opt.svsm_max },
	{ "required", 0, "SIZE", "memory the SVSM starts with (1M)", ARG_SIZE,
	  &opt.required },
	{ "digests", 0, NULL,
	  "write nothing: print the launch digest for each number "
	  "of vCPUs up to --cpus",
	  ARG_FLAG, &opt.digests },
	{ "output", 'o', "FILE", "the image to write", ARG_TEXT, &opt.output },
	{ "verbose", 'v', NULL, "print what lies where", ARG_FLAG,
	  &opt.verbose },
};

static const struct arg_program program = {
	.name = "igvmbuild",
	.usage = "(--kernel BZIMAGE | --firmware FILE | --guest FILE)"
		 " --output FILE [OPTIONS]",
	.summary = "Builds the IGVM launch image of a confidential VM.",
	.footer = "Exit status: 0 done, 1 wrong options or unreadable files, "
		  "2 a bad input file.",
	.options = options,
	.option_count = ARRAY_COUNT(options),
};

/* Every file read, and what was made of it; released in one place. */
struct inputs {
	struct file_bytes svsm_file, guest_file, initrd_file;
	struct program svsm, guest;
	struct bzimage kernel;
	struct firmware firmware;
	struct services services;
};

static bool usage(const char *what)
{
	say_error("%s (see igvmbuild --help)", what);
	return false;
}

static bool guest_options_check(void)
{
	if (!!opt.kernel + !!opt.guest + !!opt.firmware != 1)
		return usage("give one of --kernel, --firmware and --guest");
	if (opt.firmware && (opt.initrd || opt.cmdline))
		return usage("--initrd, --cmdline: not with --firmware, "
			     "which loads its own");
	if (opt.firmware && opt.validate_all)
		return usage("--validate-all: not with --firmware, "
			     "which accepts memory itself");
	if (opt.validate_all && opt.kernel)
		return usage("--validate-all: only with --guest, "
			     "Linux gets all memory anyway");
	return true;
}

/*
 * The SVSM, and services that are named without a folder: unless there is such a
 * file here, those that this program came with.
 */
static bool defaults_find(void)
{
	static char svsm[PLACE_PATH_MAX];
	static char services[ARG_LIST_MAX][PLACE_PATH_MAX];
	char name[NAME_MAX + 16];

	if (!opt.svsm && opt.vmpl) {
		if (place_find("coir-svsm.elf", svsm) != OK)
			return usage("--svsm is missing, and this program came "
				     "with none");
		opt.svsm = svsm;
	}
	for (size_t i = 0; i < opt.services.count; i++) {
		const char *text = opt.services.texts[i];

		if (strchr(text, '/') || strlen(text) > NAME_MAX ||
		    access(text, F_OK) == 0)
			continue;
		snprintf(name, sizeof(name), "services/%s", text);
		if (place_find(name, services[i]) == OK)
			opt.services.texts[i] = services[i];
	}
	return true;
}

static uint64_t svsm_max_default(void)
{
	return addr_up(PLAN_SVSM_MAX_DEFAULT + opt.cpus * PLAN_SVSM_MAX_PER_CPU,
		       PAGE_2M);
}

/* After --cpus is known to be sane. */
static bool svsm_sizes_check(void)
{
	opt.svsm_max_given = opt.svsm_max != 0;
	if (!opt.svsm_max_given)
		opt.svsm_max = svsm_max_default();
	if (!addr_aligned(opt.svsm_max, PAGE_2M) ||
	    opt.svsm_max > PLAN_SVSM_MAX_LIMIT)
		return usage("--svsm-max: must be a multiple of 2M, up to "
			     "256M");
	if (!addr_aligned(opt.svsm_min, PAGE_2M) || opt.svsm_min > opt.svsm_max)
		return usage("--svsm-min: must be a multiple of 2M, up to "
			     "--svsm-max");
	return true;
}

static bool is_native(void)
{
	return strcmp(opt.platform, "native") == 0;
}

static bool services_check(void)
{
	if (!opt.service_heap || !addr_aligned(opt.service_heap, PAGE_4K))
		return usage("--service-heap: must be a multiple of 4K");
	return true;
}

/* The kernel is started as it is: coir-vm --native. */
static bool native_check(void)
{
	if (!opt.services.count || opt.svsm || opt.kernel || opt.guest ||
	    opt.firmware || opt.initrd || opt.cmdline)
		return usage("--platform native: packs --service files, and "
			     "nothing else");
	if (!opt.output)
		return usage("--output is missing");
	return services_check();
}

static bool options_check(void)
{
	if (is_native())
		return native_check();
	if (strcmp(opt.platform, "snp") != 0)
		return usage("--platform: must be snp or native");
	if (!defaults_find())
		return false;
	/* An SVSM cannot step aside for firmware: it starts in real mode. */
	if (opt.svsm && opt.firmware && !opt.vmpl)
		return usage("--svsm: firmware at VMPL0 is alone in its image");
	if (!opt.svsm && !(opt.firmware && !opt.vmpl))
		return usage("--svsm is missing, and this program came "
			     "with none");
	if (!opt.output == !opt.digests)
		return usage("give one of --output and --digests");
	if (!opt.cpus || opt.cpus > PLAN_CPUS_LIMIT)
		return usage("--cpus: must be 1 to 1024");
	if (opt.cpu_records && (opt.cpu_records < opt.cpus ||
				opt.cpu_records > PLAN_RECORDS_LIMIT))
		return usage("--cpu-records: must be --cpus to 8192");
	if (!opt.nodes || opt.nodes > PLAN_NODES_LIMIT)
		return usage("--nodes: must be 1 to 64");
	if (opt.memory_max && opt.memory_max < opt.memory_min)
		return usage("--memory-max: less than --memory-min");
	if (opt.vmpl > 3)
		return usage("--vmpl: must be 0 to 3");
	if (opt.format_version != IGVM_FORMAT_VERSION_1 &&
	    opt.format_version != IGVM_FORMAT_VERSION_2)
		return usage("--format-version: must be 1 or 2");
	if (!(opt.policy & SNP_POLICY_MUST_BE_ONE))
		return usage("--policy: bit 17 must be set");
	if (!svsm_sizes_check())
		return false;
	if (!opt.required || !addr_aligned(opt.required, PAGE_4K))
		return usage("--required: must be a multiple of 4K");
	if (opt.services.count && (!opt.svsm || !opt.vmpl))
		return usage("--service: needs --svsm and a guest below it");
	return services_check() && guest_options_check();
}

/* Files that cannot be read are a usage matter, whatever they hold. */
static int inputs_read(struct inputs *in)
{
	const char *guest = opt.kernel	   ? opt.kernel
			    : opt.firmware ? opt.firmware
					   : opt.guest;

	if (opt.svsm &&
	    file_read(opt.svsm, FILE_SIZE_MAX, &in->svsm_file) != OK)
		return TOOL_USAGE;
	if (file_read(guest, FILE_SIZE_MAX, &in->guest_file) != OK)
		return TOOL_USAGE;
	if (opt.initrd &&
	    file_read(opt.initrd, FILE_SIZE_MAX, &in->initrd_file) != OK)
		return TOOL_USAGE;
	return TOOL_OK;
}

static enum err guest_parse(struct inputs *in)
{
	if (opt.kernel)
		return bzimage_parse(opt.kernel, &in->guest_file, &in->kernel);
	if (opt.firmware)
		return firmware_parse(opt.firmware, &in->guest_file, opt.svsm,
				      &in->firmware);
	if (program_is_elf(&in->guest_file))
		return program_elf(opt.guest, &in->guest_file, &in->guest);
	return program_flat(opt.guest, &in->guest_file, PLAN_FLAT_BASE,
			    &in->guest);
}

static enum err inputs_parse(struct inputs *in)
{
	enum err e = OK;

	if (opt.svsm)
		e = program_elf(opt.svsm, &in->svsm_file, &in->svsm);
	if (e == OK)
		e = guest_parse(in);
	if (e == OK)
		e = services_pack(opt.services.texts,
				  (uint32_t)opt.services.count,
				  opt.service_heap, &in->services);
	if (e == OK && opt.initrd && !in->initrd_file.size) {
		say_error("%s: empty file", opt.initrd);
		return ERR_FORMAT;
	}
	return e;
}

static uint32_t params_flags(void)
{
	return (opt.no_console ? 0 : PARAMS_CONSOLE) |
	       (opt.kernel || opt.validate_all ? PARAMS_VALIDATE_ALL : 0);
}

static struct plan_input plan_input(const struct inputs *in)
{
	return (struct plan_input){
		.svsm = opt.svsm ? &in->svsm : NULL,
		.svsm_min = opt.svsm_min,
		.svsm_max = opt.svsm_max,
		.required = opt.required,
		.services = in->services.bytes,
		.services_size = in->services.size,
		.services_memory = in->services.memory,
		.cpus_max = (uint32_t)opt.cpus,
		.cpu_records = (uint32_t)opt.cpu_records,
		.nodes_max = (uint32_t)opt.nodes,
		.memory_min = opt.memory_min,
		.memory_max = opt.memory_max,
		.vmpl = (uint32_t)opt.vmpl,
		.flags = params_flags(),
		.sev_features = SEV_FEATURE_SNP,
		.kernel = opt.kernel ? &in->kernel : NULL,
		.guest = opt.guest ? &in->guest : NULL,
		.firmware = opt.firmware ? &in->firmware : NULL,
		.initrd = opt.initrd ? in->initrd_file.bytes : NULL,
		.initrd_size = in->initrd_file.size,
		.cmdline = opt.cmdline,
	};
}

/* The image as the options say; file_free is the caller's. */
static enum err make_image(const struct inputs *in, struct file_bytes *file)
{
	static struct plan plan; /* its params page is part of it */
	const struct emit_options how = {
		.format_version = (uint32_t)opt.format_version,
		.policy = opt.policy,
		.sev_features = SEV_FEATURE_SNP,
	};
	const struct plan_input what = plan_input(in);
	enum err e = plan_make(&what, &plan);

	if (e == OK && opt.verbose)
		plan_print(&plan);
	return e == OK ? emit_igvm(&plan, &how, file) : e;
}

static int write_image(const struct inputs *in)
{
	struct file_bytes file;
	enum err e;

	if (make_image(in, &file) != OK)
		return TOOL_BAD_INPUT;
	e = file_write(opt.output, file.bytes, file.size);
	file_free(&file);
	return e == OK ? TOOL_OK : TOOL_USAGE;
}

/* The limit that is asked for, and all below it. */
static int print_digests(const struct inputs *in)
{
	uint64_t limit = opt.cpus, svsm_max = opt.svsm_max;
	struct file_bytes file;
	enum err e = OK;

	for (opt.cpus = 1; e == OK && opt.cpus <= limit; opt.cpus++) {
		if (!opt.svsm_max_given)
			opt.svsm_max = svsm_max_default();
		e = make_image(in, &file);
		if (e != OK)
			break;
		e = digests_print(opt.cpus, &file);
		file_free(&file);
	}
	opt.svsm_max = svsm_max;
	if (e == OK && fflush(stdout) != 0)
		return TOOL_USAGE;
	return e == OK ? TOOL_OK : TOOL_BAD_INPUT;
}

static int pack(struct inputs *in)
{
	enum err e = services_pack(opt.services.texts,
				   (uint32_t)opt.services.count,
				   opt.service_heap, &in->services);

	if (e != OK)
		return e == ERR_HOST ? TOOL_USAGE : TOOL_BAD_INPUT;
	e = file_write(opt.output, in->services.bytes, in->services.size);
	return e == OK ? TOOL_OK : TOOL_USAGE;
}

static int run(struct inputs *in)
{
	int code = inputs_read(in);

	if (code != TOOL_OK)
		return code;
	if (inputs_parse(in) != OK)
		return TOOL_BAD_INPUT;
	return opt.digests ? print_digests(in) : write_image(in);
}

int main(int argc, char **argv)
{
	struct inputs in = { .svsm = { .base = 0 } };
	struct args args;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	if (!options_check())
		return TOOL_USAGE;
	code = is_native() ? pack(&in) : run(&in);
	program_free(&in.svsm);
	program_free(&in.guest);
	services_free(&in.services);
	file_free(&in.svsm_file);
	file_free(&in.guest_file);
	file_free(&in.initrd_file);
	return code;
}

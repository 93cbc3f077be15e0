/* SPDX-License-Identifier: MIT */
/* coir-vm: runs an IGVM image on the emulated SEV-SNP machine, or the SVSM's
 * kernel on a plain one. */
#include <string.h>
#include <unistd.h>

#include "lib/addr.h"
#include "lib/str.h"
#include "tools/coir-vm/child.h"
#include "tools/coir-vm/command.h"
#include "tools/coir-vm/facts.h"
#include "tools/coir-vm/files.h"
#include "tools/coir-vm/status.h"
#include "tools/common/image.h"
#include "tools/common/say.h"

/* The kernel is linked to 128 MiB. */
#define NATIVE_MEMORY_MIN (160ull << 20)

static struct vm_options vm = {
	.cpus = 1,
	.memory = 1ull << 30,
	.nodes = 1,
	.qemu = "qemu-system-x86_64",
};
static const char *accel_name = "tcg";
static const char *threads; /* NULL: as suits the machine */
static bool verbose, unchecked;

static const struct arg_option options[] = {
	{ "cpus", 'n', "N", "vCPUs, 1 to 64 (1)", ARG_NUMBER, &vm.cpus },
	{ "memory", 'm', "SIZE", "the guest's memory, as 512M or 2G (1G)",
	  ARG_SIZE, &vm.memory },
	{ "nodes", 0, "N", "share both among NUMA nodes, 1 to 64 (1)",
	  ARG_NUMBER, &vm.nodes },
	{ "accel", 'a', "tcg|kvm", "how QEMU runs the emulator (tcg)", ARG_TEXT,
	  &accel_name },
	{ "threads", 0, "one|each",
	  "of QEMU's, for its vCPUs (one; each with --native)", ARG_TEXT,
	  &threads },
	{ "qemu", 0, "PATH", "the QEMU to use (qemu-system-x86_64)", ARG_TEXT,
	  &vm.qemu },
	{ "timeout", 't', "SECONDS", "end the machine after this time",
	  ARG_NUMBER, &vm.timeout },
	{ "serial", 's', "FILE", "serial line to a file, not to the terminal",
	  ARG_TEXT, &vm.serial },
	{ "log", 'l', "FILE", "keep the emulator's log", ARG_TEXT, &vm.log },
	{ "icount", 0, NULL, "exact repetition: time counts instructions",
	  ARG_FLAG, &vm.icount },
	{ "emu", 0, "FILE", "the emulator (emu.bin beside this program)",
	  ARG_TEXT, &vm.emu },
	{ "option", 'o', "KEY=VALUE", "option of the emulator, repeatable",
	  ARG_LIST, &vm.emu_options },
	{ "native", 0, NULL, "FILE is the SVSM's kernel, for a plain machine",
	  ARG_FLAG, &vm.native },
	{ "services", 0, "FILE", "its services (igvmbuild --platform native)",
	  ARG_TEXT, &vm.services },
	{ "append", 0, "TEXT", "its command line", ARG_TEXT, &vm.append },
	{ "unchecked", 0, NULL, "leave it to the machine to refuse a bad image",
	  ARG_FLAG, &unchecked },
	{ "verbose", 'v', NULL, "print the QEMU command", ARG_FLAG, &verbose },
};

static const struct arg_program program = {
	.name = "coir-vm",
	.usage = "FILE [OPTIONS] [-- QEMU ARGS]",
	.summary = "Runs an IGVM image on the emulated SEV-SNP machine. "
		   "Ctrl-A X leaves, Ctrl-A H helps.",
	.footer = "Exit status: 0 powered off, 1 to 63 the guest's own,\n"
		  "  2 bad image, 100 guest asked to be ended, 101 SEV-SNP "
		  "violation,\n"
		  "  102 guest shut down, 103 emulator failed, 104 guest "
		  "sleeps for ever,\n"
		  "  124 time-out, 125 wrong options or QEMU did not start.",
	.options = options,
	.option_count = ARRAY_COUNT(options),
	.words_min = 1,
	.words_max = 1,
	.takes_rest = true,
};

struct run {
	struct image image;
	struct image_facts facts;
	struct qemu_facts qemu;
	struct run_file image_file, services_file, emulator, log;
};

static bool usage(const char *what)
{
	say_error("%s (see coir-vm --help)", what);
	return false;
}

static bool accel_check(void)
{
	const char *missing;

	if (str_equal(accel_name, "tcg"))
		return true;
	if (!str_equal(accel_name, "kvm"))
		return usage("--accel: must be tcg or kvm");
	if (vm.icount)
		return usage("--icount: only with --accel tcg");
	vm.accel = VM_KVM;
	missing = kvm_missing(KVM_DEVICE, vm.native ? NULL : KVM_NESTED);
	if (!missing)
		return true;
	say_error("--accel kvm: %s", missing);
	return false;
}

/*
 * QEMU loses state of its first vCPU now and then if others restore x87 state
 * at the same time and it enters or leaves the guest (docs/emulator.md). A plain
 * machine has no guest to enter.
 */
static bool threads_check(void)
{
	bool one = threads && str_equal(threads, "one");

	vm.thread_each = threads ? str_equal(threads, "each")
				 : vm.native && !vm.icount;
	if (threads && !one && !vm.thread_each)
		return usage("--threads: must be one or each");
	if (one && vm.accel == VM_KVM)
		return usage("--threads one: only with --accel tcg");
	if (vm.thread_each && vm.icount)
		return usage("--icount: only with --threads one");
	return true;
}

/* A blank would make two words of one for the emulator. */
static bool emu_options_check(void)
{
	size_t rest = 0;

	for (size_t i = 0; i < vm.emu_options.count; i++) {
		const char *text = vm.emu_options.texts[i];

		if (command_is_rest(text))
			rest++;
		else if (!*text || strpbrk(text, " \t\n"))
			return usage("--option: empty, or with a blank");
	}
	return rest <= 1 ? true : usage("--option: two command lines");
}

static bool native_check(void)
{
	if (!vm.native)
		return !vm.services && !vm.append
			       ? true
			       : usage("--services, --append: only with "
				       "--native");
	if (vm.emu_options.count || vm.nodes > 1 || vm.emu || unchecked)
		return usage("--native: there is no emulated machine that "
			     "other options could be for");
	if (vm.memory < NATIVE_MEMORY_MIN)
		return usage("--native: needs at least --memory 160M");
	return true;
}

static bool options_check(const struct args *args)
{
	vm.file = args->words[0];
	vm.qemu_args = args->rest;
	vm.qemu_arg_count = args->rest_count;
	vm.interactive = !vm.serial && isatty(STDIN_FILENO);
	if (!vm.cpus || vm.cpus > VM_CPUS_MAX)
		return usage("--cpus: must be 1 to 64");
	if (vm.memory < VM_MEMORY_MIN || vm.memory > PA_LIMIT / 64 ||
	    !addr_aligned(vm.memory, PAGE_2M))
		return usage("--memory: must be a multiple of 2M, from 32M on");
	if (!vm.nodes || vm.nodes > VM_NODES_MAX ||
	    vm.memory / vm.nodes < PAGE_2M)
		return usage("--nodes: must be 1 to 64, with 2M of memory for "
			     "each");
	return native_check() && emu_options_check() && accel_check() &&
	       threads_check();
}

static int image_load(struct run *r)
{
	enum err e = unchecked
			     ? file_read(vm.file, FILE_SIZE_MAX, &r->image.file)
			     : image_open(vm.file, &r->image);

	if (unchecked)
		r->facts.size = r->image.file.size;
	else if (e == OK)
		e = facts_of(vm.file, &r->image.igvm, &r->facts);
	if (e != OK)
		return e == ERR_HOST ? VM_EXIT_NOT_STARTED : VM_EXIT_BAD_FILE;
	if (vm.memory >= r->facts.low_end)
		return 0;
	say_error("%s: needs at least --memory %lluM", vm.file,
		  (unsigned long long)(addr_up(r->facts.low_end, PAGE_2M) >>
				       20));
	return VM_EXIT_NOT_STARTED;
}

/* A path that QEMU can take; the file is read if that needs a copy. */
static enum err native_file(const char *path, struct run_file *out)
{
	struct file_bytes file;
	enum err e = file_read(path, FILE_SIZE_MAX, &file);

	if (e != OK)
		return e;
	e = run_image(path, &file, out);
	file_free(&file);
	return e;
}

static int native_prepare(struct run *r)
{
	if (native_file(vm.file, &r->image_file) != OK ||
	    (vm.services &&
	     native_file(vm.services, &r->services_file) != OK) ||
	    qemu_probe(vm.qemu, &r->qemu) != OK ||
	    run_log(vm.log, &r->log) != OK)
		return VM_EXIT_NOT_STARTED;
	return 0;
}

static int emulated_prepare(struct run *r)
{
	int code = image_load(r);

	if (code)
		return code;
	if (run_emulator(vm.emu, &r->emulator) != OK ||
	    qemu_probe(vm.qemu, &r->qemu) != OK ||
	    run_image(vm.file, &r->image.file, &r->image_file) != OK ||
	    run_log(vm.log, &r->log) != OK)
		return VM_EXIT_NOT_STARTED;
	vm.emu = r->emulator.path;
	return 0;
}

static int prepare(struct run *r)
{
	int code = vm.native ? native_prepare(r) : emulated_prepare(r);

	if (code)
		return code;
	if (vm.icount && !r->qemu.has_icount) {
		say_error("%s: was built without -icount", vm.qemu);
		return VM_EXIT_NOT_STARTED;
	}
	return 0;
}

/* The emulator's first words are proof that QEMU took its options. */
static bool emulator_spoke(const struct run *r)
{
	return lseek(r->log.fd, 0, SEEK_END) > 0;
}

static int finish(const struct run *r, const struct child_end *end)
{
	int status = status_of(end, emulator_spoke(r));
	const char *words = status_words(status);

	if (words)
		say_error("%s", words);
	log_tail(r->log.fd, status_log_lines(status), stderr);
	return status;
}

static int execute(const struct run *r)
{
	static struct command command;
	const struct command_paths paths = {
		.image = r->image_file.path,
		.log = r->log.path,
		.services = vm.services ? r->services_file.path : NULL,
		.image_size = r->facts.size,
	};
	struct child_end end;
	enum err e;

	if (command_make(&vm, &r->qemu, &paths, &command) != OK) {
		say_error("command line for QEMU: too long");
		return VM_EXIT_NOT_STARTED;
	}
	if (verbose)
		command_print(&command);
	e = child_run(command.words, vm.timeout, &end);
	command_free(&command);
	return e == OK ? finish(r, &end) : VM_EXIT_NOT_STARTED;
}

int main(int argc, char **argv)
{
	static struct run r = { .image_file.fd = -1,
				.services_file.fd = -1,
				.log.fd = -1 };
	struct args args;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code ? VM_EXIT_NOT_STARTED : 0;
	if (!options_check(&args))
		return VM_EXIT_NOT_STARTED;
	code = prepare(&r);
	image_close(&r.image);
	if (!code)
		code = execute(&r);
	run_file_close(&r.image_file);
	run_file_close(&r.services_file);
	run_file_close(&r.log);
	return code;
}

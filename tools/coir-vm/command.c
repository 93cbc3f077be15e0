/* SPDX-License-Identifier: MIT */
/* The QEMU command line of the emulated machine, and of the native one. */
#include "tools/coir-vm/command.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/str.h"

/* The emulator itself, its table of page states (1/64 of memory is plenty),
 * and two copies of the image: QEMU's and its own. */
#define EMU_MEMORY (64ull << 20)
#define EMU_SHARE  32u

__attribute__((format(printf, 2, 3))) static void add(struct command *c,
						      const char *format, ...)
{
	char *word = NULL;
	va_list args;

	if (c->failed || c->count == COMMAND_WORDS_MAX) {
		c->failed = true;
		return;
	}
	va_start(args, format);
	if (vasprintf(&word, format, args) < 0)
		c->failed = true;
	else
		c->words[c->count++] = word;
	va_end(args);
}

uint64_t command_memory(uint64_t guest, uint64_t image)
{
	return addr_up(guest + EMU_MEMORY + guest / EMU_SHARE + 2 * image,
		       PAGE_2M);
}

bool command_path_unsafe(const char *path)
{
	return strpbrk(path, ", ") != NULL;
}

bool command_is_rest(const char *option)
{
	return str_starts_with(option, "cmdline=");
}

/*
 * No default devices: the guest gets what the command line says, and no
 * option ROM that a package may have left out. phys-bits=48 puts the C-bit at
 * 47, the highest bit that QEMU's nested page walk does not lose.
 */
static void add_machine(struct command *c, const struct vm_options *vm)
{
	add(c, "-accel");
	if (vm->accel == VM_KVM)
		add(c, "kvm");
	else
		add(c, "tcg,thread=%s", vm->thread_each ? "multi" : "single");
	add(c, "-cpu");
	add(c, vm->accel == VM_KVM ? "host" : "max,phys-bits=48");
	add(c, "-machine");
	add(c, "q35");
	add(c, "-smp");
	/* A socket to each node, where it comes out even: so processors that
	 * share a cache are on one node. */
	if (vm->nodes > 1 && vm->cpus % vm->nodes == 0)
		add(c, "%" PRIu64 ",sockets=%" PRIu64, vm->cpus, vm->nodes);
	else
		add(c, "%" PRIu64, vm->cpus);
	add(c, "-nodefaults");
	add(c, "-display");
	add(c, "none");
	/* Devices must say that they go through bounce buffers: private memory
	 * is out of their reach. Linux refuses virtio devices that do not. */
	add(c, "-global");
	add(c, "virtio-device.iommu_platform=on");
	add(c, "-global");
	add(c, "virtio-blk-pci.disable-legacy=on");
	add(c, "-global");
	add(c, "virtio-net-pci.disable-legacy=on");
}

static void add_exit(struct command *c, const struct qemu_facts *qemu)
{
	if (qemu->has_no_reboot) {
		add(c, "-no-reboot");
	} else {
		add(c, "-action");
		add(c, "reboot=shutdown");
	}
	add(c, "-device");
	add(c, "isa-debug-exit,iobase=0xf4,iosize=1");
}

/* With these two boots of one image are the same, byte for byte. */
static void add_icount(struct command *c, const struct qemu_facts *qemu)
{
	add(c, "-icount");
	add(c, "shift=0,sleep=off");
	if (qemu->has_seed) {
		add(c, "-seed");
		add(c, "1");
	}
	add(c, "-rtc");
	add(c, "base=2026-01-01,clock=vm");
}

/* "mon:" keeps Ctrl-C for the guest; Ctrl-A X leaves. */
static void add_lines(struct command *c, const struct vm_options *vm,
		      const char *log)
{
	add(c, "-serial");
	if (vm->serial)
		add(c, "file:%s", vm->serial);
	else
		add(c, vm->interactive ? "mon:stdio" : "stdio");
	add(c, "-debugcon");
	add(c, "file:%s", log);
}

/* Equal shares; the emulator's own memory is at the end of the last one's. */
static void add_nodes(struct command *c, const struct vm_options *vm,
		      uint64_t all)
{
	uint64_t n = vm->nodes, share;

	if (n < 2)
		return;
	share = addr_down(vm->memory / n, PAGE_2M);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t size = i < n - 1 ? share : all - i * share;
		uint64_t first = i * vm->cpus / n;
		uint64_t end = (i + 1) * vm->cpus / n;

		add(c, "-object");
		add(c, "memory-backend-ram,id=node%" PRIu64 ",size=%" PRIu64, i,
		    size);
		add(c, "-numa");
		if (first < end)
			add(c,
			    "node,nodeid=%" PRIu64 ",memdev=node%" PRIu64
			    ",cpus=%" PRIu64 "-%" PRIu64,
			    i, i, first, end - 1);
		else
			add(c, "node,nodeid=%" PRIu64 ",memdev=node%" PRIu64, i,
			    i);
	}
}

/* Appends one word to the emulator's command line; NULL stays NULL. */
static char *line_add(char *line, const char *word)
{
	char *longer = NULL;

	if (line && asprintf(&longer, "%s %s", line, word) < 0)
		longer = NULL;
	free(line);
	return longer;
}

/* "cmdline=" takes the rest of the line, blanks too, so it goes last. */
static char *option_line(const struct vm_options *vm)
{
	const struct arg_list *list = &vm->emu_options;
	char *line = NULL;

	if (asprintf(&line, "mem=%" PRIu64 " cpus=%" PRIu64, vm->memory,
		     vm->cpus) < 0)
		return NULL;
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < list->count; i++)
			if (command_is_rest(list->texts[i]) == (pass == 1))
				line = line_add(line, list->texts[i]);
	return line;
}

static void add_options(struct command *c, const struct vm_options *vm)
{
	char *line = option_line(vm);

	add(c, "-append");
	if (line)
		add(c, "%s", line);
	else
		c->failed = true;
	free(line);
}

static void add_emulator(struct command *c, const struct vm_options *vm,
			 const struct command_paths *paths)
{
	add(c, "-kernel");
	add(c, "%s", vm->emu);
	add(c, "-initrd");
	add(c, "%s", paths->image);
	add_options(c, vm);
}

/* QEMU finds the PVH entry in the file itself. */
static void add_native(struct command *c, const struct vm_options *vm,
		       const struct command_paths *paths)
{
	add(c, "-kernel");
	add(c, "%s", paths->image);
	if (paths->services) {
		add(c, "-initrd");
		add(c, "%s", paths->services);
	}
	if (vm->append) {
		add(c, "-append");
		add(c, "%s", vm->append);
	}
}

static uint64_t machine_memory(const struct vm_options *vm,
			       const struct command_paths *paths)
{
	return vm->native ? vm->memory
			  : command_memory(vm->memory, paths->image_size);
}

enum err command_make(const struct vm_options *vm,
		      const struct qemu_facts *qemu,
		      const struct command_paths *paths, struct command *out)
{
	struct command *c = out;
	uint64_t memory = machine_memory(vm, paths);

	*c = (struct command){ .count = 0 };
	add(c, "%s", vm->qemu);
	add_machine(c, vm);
	add(c, "-m");
	add(c, "%" PRIu64 "M", memory >> 20);
	add_nodes(c, vm, memory);
	add_lines(c, vm, paths->log);
	add_exit(c, qemu);
	if (vm->icount)
		add_icount(c, qemu);
	if (vm->native)
		add_native(c, vm, paths);
	else
		add_emulator(c, vm, paths);
	for (size_t i = 0; i < vm->qemu_arg_count; i++)
		add(c, "%s", vm->qemu_args[i]);
	if (!c->failed)
		return OK;
	command_free(c);
	return ERR_NOMEM;
}

void command_free(struct command *command)
{
	for (size_t i = 0; i < command->count; i++)
		free(command->words[i]);
	*command = (struct command){ .count = 0 };
}

static void print_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=+:,./@%";

	if (*word && !word[strspn(word, plain)]) {
		fprintf(stderr, " %s", word);
		return;
	}
	fputs(" '", stderr);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", stderr);
		else
			fputc(*word, stderr);
	fputc('\'', stderr);
}

void command_print(const struct command *command)
{
	fputs("coir-vm:", stderr);
	for (size_t i = 0; i < command->count; i++)
		print_word(command->words[i]);
	fputc('\n', stderr);
}

/* SPDX-License-Identifier: MIT */
/* The QEMU command line: what stands in it, and where. */
/* test-sources: tools/coir-vm/command.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tools/coir-vm/command.h"

static struct command c;
static const struct qemu_facts modern = { 7, 2, true, true, true };
static const struct command_paths paths = { "a.igvm", "emu.log", NULL,
					    3 << 20 };

static struct vm_options sample(void)
{
	return (struct vm_options){
		.cpus = 2,
		.memory = 512ull << 20,
		.qemu = "qemu",
		.emu = "emu.bin",
	};
}

static size_t index_of(const char *word)
{
	size_t i = 0;

	while (i < c.count && strcmp(c.words[i], word))
		i++;
	return i;
}

/* The word after an option; "" if the option is not there. */
static const char *value_of(const char *option)
{
	size_t i = index_of(option);

	return i + 1 < c.count ? c.words[i + 1] : "";
}

static void names_machine_and_files(void **state)
{
	struct vm_options vm = sample();

	(void)state;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(c.words[0], "qemu");
	assert_null(c.words[c.count]);
	assert_string_equal(value_of("-accel"), "tcg,thread=single");
	assert_string_equal(value_of("-cpu"), "max,phys-bits=48");
	assert_string_equal(value_of("-smp"), "2");
	/* 512 + 64 + 16 + 2 * 3 MiB */
	assert_string_equal(value_of("-m"), "598M");
	assert_string_equal(value_of("-kernel"), "emu.bin");
	assert_string_equal(value_of("-initrd"), "a.igvm");
	assert_string_equal(value_of("-append"), "mem=536870912 cpus=2");
	assert_string_equal(value_of("-debugcon"), "file:emu.log");
	assert_string_equal(value_of("-serial"), "stdio");
	assert_string_equal(value_of("-icount"), "");
	command_free(&c);
}

/* No emulator, no memory for one, none of its words. */
static void native_is_the_kernel_alone(void **state)
{
	const struct command_paths with = { "svsm.elf", "log", "services", 0 };
	struct vm_options vm = sample();

	(void)state;
	vm.native = true;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-kernel"), "a.igvm");
	assert_string_equal(value_of("-initrd"), "");
	assert_string_equal(value_of("-append"), "");
	assert_string_equal(value_of("-m"), "512M");
	command_free(&c);
	vm.append = "suite=all cpus=2";
	assert_int_equal(command_make(&vm, &modern, &with, &c), OK);
	assert_string_equal(value_of("-kernel"), "svsm.elf");
	assert_string_equal(value_of("-initrd"), "services");
	assert_string_equal(value_of("-append"), "suite=all cpus=2");
	assert_int_equal(index_of("emu.bin"), c.count);
	command_free(&c);
}

static void shares_among_nodes(void **state)
{
	struct vm_options vm = sample();
	size_t i;

	(void)state;
	vm.nodes = 2;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-smp"), "2,sockets=2");
	i = index_of("-object");
	assert_string_equal(c.words[i + 1],
			    "memory-backend-ram,id=node0,size=268435456");
	assert_string_equal(c.words[i + 3],
			    "node,nodeid=0,memdev=node0,cpus=0-0");
	/* The rest of 598 MiB: the emulator's share is the last node's. */
	assert_string_equal(c.words[i + 5],
			    "memory-backend-ram,id=node1,size=358612992");
	assert_string_equal(c.words[i + 7],
			    "node,nodeid=1,memdev=node1,cpus=1-1");
	command_free(&c);
	vm.nodes = 3; /* one has no processor */
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-smp"), "2");
	i = index_of("-object");
	assert_string_equal(c.words[i + 3], "node,nodeid=0,memdev=node0");
	assert_string_equal(c.words[i + 7],
			    "node,nodeid=1,memdev=node1,cpus=0-0");
	assert_string_equal(c.words[i + 11],
			    "node,nodeid=2,memdev=node2,cpus=1-1");
	command_free(&c);
}

static void chooses_the_serial_line(void **state)
{
	struct vm_options vm = sample();

	(void)state;
	vm.interactive = true;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-serial"), "mon:stdio");
	command_free(&c);
	vm.serial = "a,b c";
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-serial"), "file:a,b c");
	command_free(&c);
}

static void repeats_exactly(void **state)
{
	struct qemu_facts old = modern;
	struct vm_options vm = sample();

	(void)state;
	vm.icount = true;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-accel"), "tcg,thread=single");
	assert_string_equal(value_of("-icount"), "shift=0,sleep=off");
	assert_string_equal(value_of("-seed"), "1");
	assert_string_equal(value_of("-rtc"), "base=2026-01-01,clock=vm");
	command_free(&c);
	old.has_seed = old.has_no_reboot = false;
	assert_int_equal(command_make(&vm, &old, &paths, &c), OK);
	assert_string_equal(value_of("-seed"), "");
	assert_string_equal(value_of("-action"), "reboot=shutdown");
	command_free(&c);
}

static void a_thread_for_each_only_if_asked(void **state)
{
	struct vm_options vm = sample();

	(void)state;
	vm.thread_each = true;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-accel"), "tcg,thread=multi");
	command_free(&c);
}

static void takes_the_host_cpu_for_kvm(void **state)
{
	struct vm_options vm = sample();

	(void)state;
	vm.accel = VM_KVM;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-accel"), "kvm");
	assert_string_equal(value_of("-cpu"), "host");
	command_free(&c);
}

static void hands_options_on(void **state)
{
	char *rest[] = { (char[]){ "-device" }, (char[]){ "x" } };
	struct vm_options vm = sample();

	(void)state;
	vm.emu_options.texts[0] = "cmdline=a b";
	vm.emu_options.texts[1] = "trace";
	vm.emu_options.count = 2;
	vm.qemu_args = rest;
	vm.qemu_arg_count = 2;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), OK);
	assert_string_equal(value_of("-append"),
			    "mem=536870912 cpus=2 trace cmdline=a b");
	assert_string_equal(c.words[c.count - 2], "-device");
	assert_string_equal(c.words[c.count - 1], "x");
	command_free(&c);
}

static void refuses_too_many_words(void **state)
{
	static char *rest[COMMAND_WORDS_MAX];
	static char word[] = "x";
	struct vm_options vm = sample();

	(void)state;
	for (size_t i = 0; i < COMMAND_WORDS_MAX; i++)
		rest[i] = word;
	vm.qemu_args = rest;
	vm.qemu_arg_count = COMMAND_WORDS_MAX;
	assert_int_equal(command_make(&vm, &modern, &paths, &c), ERR_NOMEM);
}

static void knows_paths_that_qemu_misreads(void **state)
{
	(void)state;
	assert_true(command_path_unsafe("a b"));
	assert_true(command_path_unsafe("a,b"));
	assert_false(command_path_unsafe("/x/a-b_c.igvm"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_machine_and_files),
		cmocka_unit_test(native_is_the_kernel_alone),
		cmocka_unit_test(shares_among_nodes),
		cmocka_unit_test(chooses_the_serial_line),
		cmocka_unit_test(repeats_exactly),
		cmocka_unit_test(a_thread_for_each_only_if_asked),
		cmocka_unit_test(takes_the_host_cpu_for_kvm),
		cmocka_unit_test(hands_options_on),
		cmocka_unit_test(refuses_too_many_words),
		cmocka_unit_test(knows_paths_that_qemu_misreads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A small SVSM (two loaded pages, three of bss), a guest and a kernel. */
#pragma once

#include <string.h>

#include "tools/igvmbuild/plan.h"

#define SAMPLE_BASE 0x8000000ull

static uint8_t sample_svsm_bytes[5 * 4096];
static bool sample_svsm_loaded[5] = { true, true, false, false, false };
static uint8_t sample_guest_bytes[3 * 4096];
static bool sample_guest_loaded[3] = { true, false, true };
static uint8_t sample_file[0x3000];

static struct program sample_svsm = {
	.base = SAMPLE_BASE,
	.size = sizeof(sample_svsm_bytes),
	.entry = SAMPLE_BASE + 0x10,
	.bytes = sample_svsm_bytes,
	.loaded = sample_svsm_loaded,
};
static struct program sample_guest = {
	.base = PLAN_FLAT_BASE,
	.size = sizeof(sample_guest_bytes),
	.entry = PLAN_FLAT_BASE,
	.bytes = sample_guest_bytes,
	.loaded = sample_guest_loaded,
};
static struct bzimage sample_kernel = {
	.setup = sample_file,
	.code = sample_file + 0xa00,
	.code_size = 0x2345,
	.load = 0x1000000,
	.init_size = 0x3000000,
	.entry = 0x1000200,
	.initrd_max = 0x7fffffff,
	.cmdline_max = 2047,
};

/* A test guest at VMPL2; tests change what they are about. */
static inline struct plan_input sample_input(void)
{
	memset(sample_svsm_bytes, 0x11, 2 * 4096);
	memset(sample_guest_bytes, 0x22, 4096);
	memset(sample_guest_bytes + 0x2000, 0x33, 4096);
	memset(sample_file, 0x44, sizeof(sample_file));
	return (struct plan_input){
		.svsm = &sample_svsm,
		.svsm_min = PLAN_SVSM_MIN_DEFAULT,
		.svsm_max = PLAN_SVSM_MAX_DEFAULT,
		.required = PLAN_REQUIRED_DEFAULT,
		.cpus_max = 4,
		.vmpl = 2,
		.flags = PARAMS_CONSOLE,
		.sev_features = 1,
		.guest = &sample_guest,
	};
}

static uint8_t sample_flash[2 * 4096];
static struct firmware sample_fw;

/* Firmware of two pages, the first of them its variables. */
static inline struct plan_input sample_firmware(bool under_svsm)
{
	struct plan_input in = sample_input();

	sample_flash[0] = 0x55;
	sample_flash[0x1ff0] = 0x90;
	sample_fw = (struct firmware){
		.bytes = sample_flash,
		.image.flash = { { 0xffffe000 }, 0x2000 },
		.variables_size = 0x1000,
		.params = {
			.flash = { 0xfffff000, 0x1000 },
			.secrets = 0x80d000,
			.cpuid = 0x80e000,
			.caa = 0x80f000,
			.memory_map = { 0x812000, 0xc0 },
			.range_count = 2,
			.range = { { 0x800000, 0x9000 },
				   { 0x80a000, 0x26000 } },
		},
	};
	in.guest = NULL;
	in.firmware = &sample_fw;
	if (!under_svsm) {
		in.svsm = NULL;
		in.vmpl = 0;
	}
	return in;
}

/* Linux with an initrd and a command line instead. */
static inline struct plan_input sample_linux(void)
{
	struct plan_input in = sample_input();

	in.guest = NULL;
	in.kernel = &sample_kernel;
	in.initrd = sample_file;
	in.initrd_size = 0x1800;
	in.cmdline = "quiet";
	return in;
}

/* SPDX-License-Identifier: MIT */
/* From the PVH entry to the kernel, with the tables that SEV-SNP has, too. */
#include "boot/native.h"

#include "abi/boot/launch.h"
#include "boot/block.h"
#include "boot/main.h"
#include "boot/offsets.h"
#include "hw/cpu.h"
#include "hw/io.h"

#define DEBUG_PORT 0xe9u

extern char _bss_start[], _bss_end[];

/* There is no console yet but QEMU's debug port, which others ignore. */
static void say(const char *text)
{
	while (*text)
		hw_outb(DEBUG_PORT, (uint8_t)*text++);
}

_Noreturn static void give_up(const char *why)
{
	say("refused: ");
	say(why);
	say("\n");
	for (;;) {
		hw_outb(NATIVE_EXIT_PORT, NATIVE_EXIT_FAILED);
		hw_hlt();
	}
}

_Noreturn void boot_native(uint64_t info)
{
	struct params *params;
	struct pvh_told told;
	const char *wrong;

	say("Coir, native\n");
	wrong = pvh_read(info, &told);
	if (wrong)
		give_up(wrong);
	hw_rep_stosq(_bss_start, 0, (uint64_t)(_bss_end - _bss_start) / 8);
	wrong = block_make(&told, (uint64_t)_bss_end, &params);
	if (wrong)
		give_up(wrong);
	boot_launch.platform = BOOT_PLATFORM_NATIVE;
	boot_launch.params = (uint64_t)params;
	boot_map(params);
	boot_go();
}

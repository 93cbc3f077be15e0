/* SPDX-License-Identifier: MIT */
/*
 * VMPL0 in the SVSM's place: ring 3, a timer of its own, and a VMPL2 below that
 * uses the processor's. Run with `igvmbuild --vmpl 0`, on one vCPU.
 */
#include "tests/guest/timer/timer.h"

#include "abi/x86/cr.h"
#include "hw/cpu.h"

#define PIC_MASKS 0x21u, 0xa1u

/* The firmware left the PC's own timer running. */
static void pic_mask(void)
{
	static const uint16_t ports[] = { PIC_MASKS };

	for (unsigned int i = 0; i < 2; i++) {
		uint64_t info2 = 0;

		ghcb_event(GHCB_NAE_IOIO,
			   (uint64_t)ports[i] << IOIO_PORT_SHIFT | IOIO_SIZE_8,
			   &info2, 0xff);
	}
}

int guest_main(void)
{
	hw_cr4_write(hw_cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT);
	cpu_init();
	pic_mask();
	/* From now on the processor's interrupts are not ours. */
	check_true("VMPL2 made", below_make());
	test_ring3();
	tick_init();
	test_ticks();
	test_below();
	tick_judge();
	return check_report("timer");
}

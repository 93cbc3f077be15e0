/* SPDX-License-Identifier: MIT */
/* Channel 2 of the 8254, which raises no interrupt: 1.193182 MHz. */
#include "boot/pit.h"

#include "hw/cpu.h"
#include "hw/io.h"

#define PORT_CHANNEL 0x42u
#define PORT_MODE    0x43u
#define PORT_GATE    0x61u
/* Channel 2, low byte then high byte, mode 0: the output rises at zero. */
#define MODE_ONCE    0xb0u
#define GATE_ON	     0x01u
#define GATE_SPEAKER 0x02u
#define GATE_OUTPUT  0x20u
#define COUNT_1MS    1193u
#define WINDOWS	     30u
/* A read takes a microsecond and more on real machines. */
#define PATIENCE     50000000u

/* TSC ticks in one window; 0: the output never rose. */
static uint64_t window(void)
{
	uint8_t gate = hw_inb(PORT_GATE);
	uint64_t start;

	hw_outb(PORT_GATE, (uint8_t)((gate & ~GATE_SPEAKER) | GATE_ON));
	hw_outb(PORT_MODE, MODE_ONCE);
	hw_outb(PORT_CHANNEL, COUNT_1MS & 0xff);
	hw_outb(PORT_CHANNEL, COUNT_1MS >> 8);
	start = hw_rdtsc();
	for (uint32_t i = 0; i < PATIENCE; i++)
		if (hw_inb(PORT_GATE) & GATE_OUTPUT)
			return hw_rdtsc() - start;
	return 0;
}

/* A millisecond each: whoever takes the processor away makes a window longer,
 * never shorter, and on a busy computer leaves few of any length alone. */
uint64_t pit_tsc_khz(void)
{
	uint64_t least = window();

	for (uint32_t i = 1; i < WINDOWS && least; i++) {
		uint64_t next = window();

		if (next < least)
			least = next;
	}
	return least;
}

/* SPDX-License-Identifier: MIT */
/* One status poll, then a FIFO's worth of bytes. */
#include "kernel/native/serial.h"

#include <stdbool.h>

#include "hw/cpu.h"
#include "hw/io.h"

#define UART	     0x3f8u
#define UART_IER     (UART + 1)
#define UART_FCR     (UART + 2)
#define UART_LCR     (UART + 3)
#define UART_MCR     (UART + 4)
#define UART_LSR     (UART + 5)
#define LCR_8N1	     0x03u
#define FCR_ON_CLEAR 0x07u
#define MCR_DTR_RTS  0x03u
#define LSR_EMPTY    (1u << 5)
#define FIFO_SIZE    16u
#define POLL_MAX     1000000u

void serial_init(void)
{
	hw_outb(UART_IER, 0);
	hw_outb(UART_FCR, FCR_ON_CLEAR);
	hw_outb(UART_LCR, LCR_8N1);
	hw_outb(UART_MCR, MCR_DTR_RTS);
}

static bool port_wait(void)
{
	for (uint32_t i = 0; i < POLL_MAX; i++) {
		if (hw_inb(UART_LSR) & LSR_EMPTY)
			return true;
		hw_pause();
	}
	return false;
}

void serial_write(const char *text, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++) {
		if (i % FIFO_SIZE == 0 && !port_wait())
			return;
		hw_outb(UART, (uint8_t)text[i]);
	}
}

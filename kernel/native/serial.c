/* SPDX-License-Identifier: MIT */
/* One status poll, then a FIFO's worth of bytes. */
#include "kernel/native/serial.h"

#include <stdbool.h>

#include "abi/x86/uart.h"
#include "hw/cpu.h"
#include "hw/io.h"

#define PORT(reg) (UART_COM1 + (reg))
#define POLL_MAX  1000000u

void serial_init(void)
{
	hw_outb(PORT(UART_IER), 0);
	hw_outb(PORT(UART_FCR), UART_FCR_ON_CLEAR);
	hw_outb(PORT(UART_LCR), UART_LCR_8N1);
	hw_outb(PORT(UART_MCR), UART_MCR_DTR_RTS);
}

static bool port_wait(void)
{
	for (uint32_t i = 0; i < POLL_MAX; i++) {
		if (hw_inb(PORT(UART_LSR)) & UART_LSR_EMPTY)
			return true;
		hw_pause();
	}
	return false;
}

void serial_write(const char *text, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++) {
		if (i % UART_FIFO_SIZE == 0 && !port_wait())
			return;
		hw_outb(UART_COM1, (uint8_t)text[i]);
	}
}

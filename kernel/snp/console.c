/* SPDX-License-Identifier: MIT */
/* Serial output in bursts: one status poll, then a FIFO's worth of bytes. */
#include "kernel/snp/console.h"

#include "abi/x86/uart.h"
#include "kernel/base/once.h"
#include "kernel/snp/link.h"

#define PORT(reg) (UART_COM1 + (reg))
/* A host that never reports the port ready costs us this much, no more. */
#define POLL_MAX  1000u

static sealed bool console_ready;

void console_init(void)
{
	static const struct {
		uint16_t port;
		uint8_t value;
	} setup[] = {
		{ PORT(UART_IER), 0 },
		{ PORT(UART_FCR), UART_FCR_ON_CLEAR },
		{ PORT(UART_LCR), UART_LCR_8N1 },
		{ PORT(UART_MCR), UART_MCR_DTR_RTS },
	};

	for (unsigned int i = 0; i < sizeof(setup) / sizeof(setup[0]); i++)
		if (ghcb_port_out(link_this(), setup[i].port, 1,
				  setup[i].value) != OK)
			return;
	console_ready = true;
}

static bool port_wait(struct ghcb_link link)
{
	for (unsigned int i = 0; i < POLL_MAX; i++) {
		uint32_t status;

		if (ghcb_port_in(link, PORT(UART_LSR), 1, &status) != OK)
			return false;
		if (status & UART_LSR_EMPTY)
			return true;
	}
	return false;
}

void console_write(const char *text, uint64_t size)
{
	struct ghcb_link link = link_this();

	if (!console_ready || !link.page)
		return;
	while (size) {
		uint32_t part = size < UART_FIFO_SIZE ? (uint32_t)size
						      : UART_FIFO_SIZE;

		if (!port_wait(link) ||
		    ghcb_port_write(link, UART_COM1, text, part) != OK)
			return;
		text += part;
		size -= part;
	}
}

/* SPDX-License-Identifier: MIT */
/* Serial output in bursts: one status poll, then a FIFO's worth of bytes. */
#include "kernel/snp/console.h"

#include "kernel/base/once.h"
#include "kernel/snp/link.h"

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
/* A host that never reports the port ready costs us this much, no more. */
#define POLL_MAX     1000u

static sealed bool console_ready;

void console_init(void)
{
	static const struct {
		uint16_t port;
		uint8_t value;
	} setup[] = {
		{ UART_IER, 0 },
		{ UART_FCR, FCR_ON_CLEAR },
		{ UART_LCR, LCR_8N1 },
		{ UART_MCR, MCR_DTR_RTS },
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

		if (ghcb_port_in(link, UART_LSR, 1, &status) != OK)
			return false;
		if (status & LSR_EMPTY)
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
		uint32_t part = size < FIFO_SIZE ? (uint32_t)size : FIFO_SIZE;

		if (!port_wait(link) ||
		    ghcb_port_write(link, UART, text, part) != OK)
			return;
		text += part;
		size -= part;
	}
}
